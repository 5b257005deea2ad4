// SPDX-License-Identifier: Apache-2.0
#include "notifiers/core/text.hpp"
#include "notifiers/slack/message.hpp"
#include "plugins_notifiers/samples.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;

json message(const json& details) { return json::parse(slack_message(notice_of(details), "Headwind", ":robot_face:")); }

TEST(Slack, T118_the_body_is_that_of_the_documented_sample) {
  auto details = sample("update_request_created");
  details["policy"] = "Minor";
  details["requiresApproval"] = true;
  details["uiUrl"] = "https://ui/updates/prod/web-app-1-26-0";
  details["approvalUrl"] = "http://localhost:8081/api/v1/updates/prod/web-app-1-26-0/approve";
  const json expected = json::parse(R"({"blocks":[
 {"type":"header","text":{"type":"plain_text","text":"📦 Update request created: Deployment prod/web","emoji":true}},
 {"type":"section","fields":[{"type":"mrkdwn","text":"*Namespace:*\nprod"},{"type":"mrkdwn","text":"*Deployment:*\nweb"},
  {"type":"mrkdwn","text":"*Current Image:*\n`nginx:1.25.0`"},{"type":"mrkdwn","text":"*New Image:*\n`nginx:1.26.0`"}]},
 {"type":"section","fields":[{"type":"mrkdwn","text":"*Policy:*\nMinor"}]},
 {"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"View in Dashboard","emoji":true},
   "style":"primary","url":"https://ui/updates/prod/web-app-1-26-0","action_id":"view_dashboard"},
  {"type":"button","text":{"type":"plain_text","text":"Approve","emoji":true},
   "url":"http://localhost:8081/api/v1/updates/prod/web-app-1-26-0/approve","action_id":"approve_update"}]},
 {"type":"context","elements":[{"type":"mrkdwn","text":"<!date^1762425000^{date_short_pretty} at {time}|2025-11-06 10:30:00 UTC>"}]}],
 "attachments":[{"color":"#9C27B0","fallback":"Update request created: Deployment prod/web"}],
 "username":"Headwind","icon_emoji":":robot_face:"})");
  EXPECT_EQ(message(details), expected) << message(details).dump(1);
}

TEST(Slack, without_urls_and_reasons_their_blocks_are_absent) {
  const auto body = message(sample("update_detected"));
  ASSERT_EQ(body["blocks"].size(), 3u);
  EXPECT_EQ(body["blocks"][1]["type"], "section");
  EXPECT_EQ(body["blocks"][2]["type"], "context");
}

TEST(Slack, reasons_and_errors_are_fields) {
  auto details = sample("update_failed");
  details["approvedBy"] = "a@x";
  details["rejectionReason"] = "too <early> & risky";
  details["errorMessage"] = "boom ```x```";
  const auto fields = message(details)["blocks"][2]["fields"];
  EXPECT_EQ(fields[0]["text"], "*Approved by:*\na@x");
  EXPECT_EQ(fields[1]["text"], "*Rejection reason:*\ntoo &lt;early&gt; &amp; risky");
  EXPECT_EQ(fields[2]["text"], "*Error:*\n```boom 'x'```");
}

TEST(Slack, limits_of_the_receiver_are_kept) {
  auto details = sample("update_failed");
  details["deployment"]["name"] = std::string(300, 'n');
  details["errorMessage"] = std::string(5000, '&');
  const auto body = message(details);
  const std::string header = body["blocks"][0]["text"]["text"];
  EXPECT_EQ(shorten(header, 150), header);
  const std::string error = body["blocks"][2]["fields"][0]["text"];
  EXPECT_EQ(shorten(error, 2000), error);
  EXPECT_TRUE(error.ends_with("…```"));
}

TEST(Slack, invalid_utf8_still_makes_a_message) {
  Notice notice = notice_of(sample("update_failed"));
  notice.error = "bad \xff byte";
  EXPECT_TRUE(json::accept(slack_message(notice, "", "")));
}

}  // namespace
}  // namespace headwind::notifiers
