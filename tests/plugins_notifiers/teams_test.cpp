// SPDX-License-Identifier: Apache-2.0
#include "notifiers/teams/message.hpp"
#include "plugins_notifiers/samples.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;

json with_urls(const std::string& event) {
  auto details = sample(event);
  details["uiUrl"] = "https://ui/u";
  details["approvalUrl"] = "https://api/a";
  return details;
}

TEST(Teams, T118_the_message_card_is_that_of_the_documented_sample) {
  const json expected = json::parse(R"({"@type":"MessageCard","@context":"https://schema.org/extensions",
 "summary":"Update completed: Deployment prod/web","themeColor":"4CAF50",
 "sections":[{"activityTitle":"🎉 Update completed: Deployment prod/web","activitySubtitle":"Event: update.completed",
 "activityImage":"https://raw.githubusercontent.com/kubernetes/kubernetes/master/logo/logo.png",
 "facts":[{"title":"Namespace","value":"prod"},{"title":"Deployment","value":"web"},
  {"title":"Current Image","value":"nginx:1.25.0"},{"title":"New Image","value":"nginx:1.26.0"}],"markdown":true}],
 "potentialAction":[{"@type":"OpenUri","name":"View in Dashboard","targets":[{"os":"default","uri":"https://ui/u"}]},
  {"@type":"OpenUri","name":"Approve Update","targets":[{"os":"default","uri":"https://api/a"}]}]})");
  EXPECT_EQ(json::parse(message_card(notice_of(with_urls("update_completed")))), expected);
}

TEST(Teams, optional_facts_follow_and_absent_actions_are_left_out) {
  auto details = sample("update_rejected");
  details["policy"] = "Minor";
  details["approvedBy"] = "a@x";
  details["rejectionReason"] = "no [link](https://evil)";
  details["errorMessage"] = "E";
  const auto card = json::parse(message_card(notice_of(details)));
  EXPECT_FALSE(card.contains("potentialAction"));
  const auto& facts = card["sections"][0]["facts"];
  ASSERT_EQ(facts.size(), 8u);
  EXPECT_EQ(facts[4]["title"], "Policy");
  EXPECT_EQ(facts[5]["title"], "Approved By");
  EXPECT_EQ(facts[6], (json{{"title", "Rejection Reason"}, {"value", "no \\[link\\](https://evil)"}}));
  EXPECT_EQ(facts[7]["title"], "Error");
}

TEST(Teams, the_adaptive_card_says_the_same) {
  const auto message = json::parse(adaptive_card(notice_of(with_urls("update_completed"))));
  EXPECT_EQ(message["type"], "message");
  const auto& attachment = message["attachments"][0];
  EXPECT_EQ(attachment["contentType"], "application/vnd.microsoft.card.adaptive");
  const auto& card = attachment["content"];
  EXPECT_EQ(card["version"], "1.4");
  EXPECT_EQ(card["body"][0]["text"], "🎉 Update completed: Deployment prod/web");
  EXPECT_EQ(card["body"][2]["facts"][3], (json{{"title", "New Image"}, {"value", "nginx:1.26.0"}}));
  EXPECT_EQ(card["actions"][1],
            (json{{"type", "Action.OpenUrl"}, {"title", "Approve Update"}, {"url", "https://api/a"}}));
}

TEST(Teams, the_url_s_host_chooses_the_card_and_the_setting_overrides) {
  for (const char* url :
       {"https://prod-1.westus.logic.azure.com:443/workflows/x?sig=s", "https://api.powerautomate.com/x",
        "https://default1.environment.API.powerplatform.com/x", "https://flow.microsoft.com/x"})
    EXPECT_EQ(choose_card("auto", url), Card::adaptive) << url;
  for (const char* url : {"https://contoso.webhook.office.com/x", "http://127.0.0.1:9000/hook",
                          "https://evilpowerautomate.com/x", "https://relay.example/?to=flow.microsoft.com", ""})
    EXPECT_EQ(choose_card("auto", url), Card::message) << url;
  EXPECT_EQ(choose_card("adaptive_card", "https://contoso.webhook.office.com/x"), Card::adaptive);
  EXPECT_EQ(choose_card("message_card", "https://flow.microsoft.com/x"), Card::message);
}

TEST(Teams, a_failure_hidden_in_a_success_is_found) {
  EXPECT_EQ(hidden_status("Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error "
                          "429 with ContextId x"),
            429);
  EXPECT_EQ(hidden_status("Microsoft Teams endpoint returned HTTP error "), 500);
  EXPECT_EQ(hidden_status("1"), 0);
  EXPECT_EQ(hidden_status(""), 0);
}

}  // namespace
}  // namespace headwind::notifiers
