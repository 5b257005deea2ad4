// SPDX-License-Identifier: Apache-2.0
// Discord, Mattermost, Google Chat and Telegram: what each of them sees.
#include <gmock/gmock.h>

#include <algorithm>

#include "notifiers/core/answers.hpp"
#include "plugins_notifiers/sinks.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

Sink sink_of(const std::string& name) {
  const auto all = sinks();
  return *std::find_if(all.begin(), all.end(), [&](const Sink& sink) { return sink.name == name; });
}

json body_of(const std::string& name, const json& details, const std::string& settings = "") {
  Sent sent(sink_of(name), settings);
  EXPECT_EQ(sent.send(details), HW_OK);
  return sent.body();
}

json sample_with_urls() {
  auto details = sample("update_request_created");
  details["uiUrl"] = "https://ui/u(1)";
  details["approvalUrl"] = "https://api/a(1)";
  return details;
}

TEST(Discord, gets_one_embed_that_calls_nobody) {
  const json expected = json::parse(R"json({"username":"Headwind","allowed_mentions":{"parse":[]},"embeds":[{
 "title":"📦 Update request created: Deployment prod/web","color":10233776,"timestamp":"2025-11-06T10:30:00Z",
 "url":"https://ui/u(1)","footer":{"text":"Headwind: update.request.created"},"fields":[
  {"name":"Namespace","value":"prod","inline":true},{"name":"Deployment","value":"web","inline":true},
  {"name":"Container","value":"nginx","inline":true},{"name":"Current Image","value":"`nginx:1.25.0`","inline":false},
  {"name":"New Image","value":"`nginx:1.26.0`","inline":false},
  {"name":"Approve","value":"[Open](https://api/a%281%29)","inline":false}]}]})json");
  EXPECT_EQ(body_of("discord", sample_with_urls()), expected);
  EXPECT_FALSE(body_of("discord", sample("update_failed"), R"({"username":""})").contains("username"));
}

TEST(Discord, markdown_of_strangers_is_disarmed) {
  const auto fields = body_of("discord", full_sample("update_failed"))["embeds"][0]["fields"];
  EXPECT_EQ(fields[7]["value"],
            "breaks \\<the\\> \\[cart\\](https://evil) & \\*more\\* @\u200Bchannel "
            "\\<!channel\\> \\<users/all\\>");
  EXPECT_EQ(fields[8]["value"], "pod web-1: \\`CrashLoopBackOff\\` \\_\\_x\\_\\_ second line @\u200Beveryone");
}

TEST(Discord, urls_that_are_too_long_for_it_are_left_out) {
  const auto embed = body_of("discord", huge_sample("update_failed", "x"))["embeds"][0];
  EXPECT_FALSE(embed.contains("url"));
  for (const auto& field : embed["fields"]) EXPECT_NE(field["name"], "Approve");
}

TEST(Discord, the_pause_in_the_body_is_exacter_than_the_header) {
  Sent sent(sink_of("discord"));
  sent.answer = {429, {{"retry-after", "1"}}, R"({"message":"slow down","retry_after":0.53,"global":false})"};
  EXPECT_EQ(sent.send(sample("update_failed")), HW_THROTTLED);
  EXPECT_EQ(sent.host.failures.at(0).retry_after_ms, 530);
}

TEST(Mattermost, gets_one_attachment) {
  const json expected = json::parse(R"json({"username":"Headwind","channel":"releases","attachments":[{
 "fallback":"Update request created: Deployment prod/web","title":"📦 Update request created: Deployment prod/web",
 "title_link":"https://ui/u(1)","text":"[Approve](<https://api/a(1)>)","color":"#9C27B0",
 "footer":"Headwind: update.request.created","fields":[
  {"title":"Namespace","value":"prod","short":true},{"title":"Deployment","value":"web","short":true},
  {"title":"Container","value":"nginx","short":true},{"title":"Current Image","value":"`nginx:1.25.0`","short":false},
  {"title":"New Image","value":"`nginx:1.26.0`","short":false}]}]})json");
  EXPECT_EQ(body_of("mattermost", sample_with_urls()), expected);
}

TEST(Mattermost, nobody_is_called_and_markdown_is_disarmed) {
  const std::string body = body_of("mattermost", full_sample("update_rejected")).dump();
  EXPECT_THAT(body, Not(HasSubstr("@channel")));
  EXPECT_THAT(body, Not(HasSubstr("@everyone")));
  EXPECT_THAT(body, HasSubstr("ann@example.com"));
  EXPECT_THAT(body, HasSubstr(R"(\\[cart\\](https://evil))"));
}

TEST(GoogleChat, gets_a_line_and_a_card) {
  const auto body = body_of("googlechat", sample_with_urls());
  EXPECT_EQ(body["text"], "📦 Update request created: Deployment prod/web");
  const auto& widgets = body["cardsV2"][0]["card"]["sections"][0]["widgets"];
  EXPECT_EQ(widgets[0], json::parse(R"({"decoratedText":{"topLabel":"Namespace","text":"prod","wrapText":true}})"));
  EXPECT_EQ(widgets[5]["buttonList"]["buttons"][1],
            (json{{"text", "Approve"}, {"onClick", {{"openLink", {{"url", "https://api/a(1)"}}}}}}));
}

TEST(GoogleChat, nobody_is_called_by_text_or_card) {
  auto details = full_sample("unknown_event");
  Sent sent(sink_of("googlechat"));
  EXPECT_EQ(sent.send_raw(details.dump(), "hello <users/all> <https://evil|x>"), HW_OK);
  const std::string body = sent.host.requests.at(0).body;
  EXPECT_THAT(body, Not(HasSubstr("<users/all>")));
  EXPECT_THAT(body, Not(HasSubstr("<https://evil")));
  EXPECT_THAT(body, HasSubstr("&lt;users/all&gt;"));
}

TEST(Telegram, gets_html_of_our_own_making) {
  const auto body = body_of("telegram", full_sample("update_rejected"));
  EXPECT_EQ(body["chat_id"], -1001234567890);
  EXPECT_EQ(body["message_thread_id"], 7);
  EXPECT_EQ(body["disable_notification"], true);
  EXPECT_EQ(body["parse_mode"], "HTML");
  EXPECT_EQ(body["text"],
            "❌ <b>Update rejected: Deployment prod/web</b>\n\n<b>Namespace:</b> prod\n<b>Deployment:</b> web\n"
            "<b>Container:</b> nginx\n<b>Current Image:</b> <code>nginx:1.25.0</code>\n"
            "<b>New Image:</b> <code>nginx:1.26.0</code>\n<b>Policy:</b> Minor\n<b>Rejected By:</b> ann@example.com\n"
            "<b>Rejection Reason:</b> breaks &lt;the&gt; [cart](https://evil) &amp; *more* @channel &lt;!channel&gt; "
            "&lt;users/all&gt;\n<b>Error:</b> pod web-1: `CrashLoopBackOff` __x__\nsecond line @everyone\n\n"
            "<a href=\"https://ui.example.com/updates/prod/web?a=1&amp;b=(2)\">View in Dashboard</a> · "
            "<a href=\"https://api.example.com/api/v1/updates/prod/web/approve\">Approve</a>");
}

TEST(Telegram, its_answers_are_read) {
  Sent sent(sink_of("telegram"));
  sent.answer = {429, {}, R"({"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":5}})"};
  EXPECT_EQ(sent.send(sample("update_failed")), HW_THROTTLED);
  EXPECT_EQ(sent.host.failures.at(0).retry_after_ms, 5000);
  sent.answer = {400, {}, R"({"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":-100777}})"};
  EXPECT_EQ(sent.send(sample("update_failed")), HW_INVALID);
  EXPECT_THAT(sent.host.failures.at(1).message, HasSubstr("set chat_id to -100777"));
  EXPECT_FALSE(sent.shows("topSECRET"));
}

TEST(Telegram, another_server_may_be_named) {
  Sent sent(sink_of("telegram"), R"({"chat_id":"@c","endpoint":"http://bots.local:8081/"})");
  EXPECT_EQ(sent.send(sample("update_failed")), HW_OK);
  EXPECT_EQ(sent.host.requests.at(0).url, "http://bots.local:8081/bot123456:topSECRET_-x/sendMessage");
  EXPECT_EQ(sent.body()["chat_id"], "@c");
}

TEST(Answers, a_pause_is_read_and_bounded) {
  using std::chrono::milliseconds;
  EXPECT_EQ(wanted_pause(R"({"retry_after":0.53})"), milliseconds(530));
  EXPECT_EQ(wanted_pause(R"({"parameters":{"retry_after":5}})"), milliseconds(5000));
  EXPECT_EQ(wanted_pause(R"({"retry_after":1e300})"), milliseconds(86'400'000));
  for (const char* none : {"", "[]", "7", "{}", R"({"retry_after":"5"})", R"({"retry_after":-5})",
                           R"({"retry_after":0})", R"({"parameters":[]})", R"({"retry_after":1e999})"})
    EXPECT_EQ(wanted_pause(none), milliseconds(0)) << none;
  EXPECT_EQ(wanted_pause(R"({"retry_after":5,"x":")" + std::string(70'000, 'x') + "\"}"), milliseconds(0));
  EXPECT_EQ(moved_chat(R"({"parameters":{"migrate_to_chat_id":"x"}})"), 0);
}

}  // namespace
}  // namespace headwind::notifiers
