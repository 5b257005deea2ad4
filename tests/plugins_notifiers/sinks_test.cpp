// SPDX-License-Identifier: Apache-2.0
// What holds for every sink that posts JSON.
#include "plugins_notifiers/sinks.hpp"

#include <gmock/gmock.h>

#include "plugins_notifiers/limits.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const std::vector<std::string> all_events{"update_detected",   "update_request_created", "update_approved",
                                          "update_rejected",   "update_completed",       "update_failed",
                                          "rollout_completed", "rollback_triggered",     "rollback_completed",
                                          "rollback_failed",   "something_new"};

TEST(Sinks, post_json_to_their_url_and_only_there) {
  for (const Sink& sink : sinks()) {
    SCOPED_TRACE(sink.url);
    Sent sent(sink);
    ASSERT_EQ(sent.plugin->status(), HW_OK);
    EXPECT_EQ(sent.send(full_sample("update_failed")), HW_OK);
    ASSERT_EQ(sent.host.requests.size(), 1u);
    EXPECT_EQ(sent.host.requests[0].url, sink.url);
    EXPECT_EQ(sent.host.requests[0].method, "POST");
    EXPECT_GT(sent.host.requests[0].max_body, 0u);
    EXPECT_TRUE(sent.body().is_object());
    EXPECT_THAT(sent.host.requests[0].body, HasSubstr("https://ui.example.com/updates/prod/web")) << "the link";
    EXPECT_TRUE(sent.host.failures.empty());
    EXPECT_FALSE(sent.shows("topSECRET"));
  }
}

TEST(Sinks, an_answer_becomes_the_advice_that_it_is) {
  struct Row {
    int status;
    std::string retry_after;
    hw_status code;
    bool retryable;
    std::int64_t wait;
  };
  const std::vector<Row> table{{200, "", HW_OK, false, 0},         {202, "", HW_OK, false, 0},
                               {204, "", HW_OK, false, 0},         {302, "", HW_INVALID, false, 0},
                               {400, "", HW_INVALID, false, 0},    {401, "", HW_INVALID, false, 0},
                               {403, "", HW_INVALID, false, 0},    {404, "", HW_INVALID, false, 0},
                               {408, "", HW_UNAVAILABLE, true, 0}, {429, "77", HW_THROTTLED, true, 77'000},
                               {500, "", HW_UNAVAILABLE, true, 0}, {503, "120", HW_UNAVAILABLE, true, 120'000}};
  for (const Sink& sink : sinks()) {
    for (const Row& row : table) {
      SCOPED_TRACE(sink.name + " " + std::to_string(row.status));
      Sent sent(sink);
      sent.answer = {row.status, {{"Retry-After", row.retry_after}}, "<html>topSECRET</html>"};
      EXPECT_EQ(sent.send(sample("update_failed")), row.code);
      EXPECT_FALSE(sent.shows("topSECRET"));
      ASSERT_EQ(sent.host.failures.size(), row.code == HW_OK ? 0u : 1u);
      if (row.code == HW_OK) continue;
      EXPECT_EQ(sent.host.failures[0].retryable, row.retryable);
      EXPECT_EQ(sent.host.failures[0].retry_after_ms, row.wait);
      EXPECT_THAT(sent.host.failures[0].message, HasSubstr(std::to_string(row.status)));
      EXPECT_THAT(sent.host.failures[0].message, HasSubstr(hw::url_origin(sink.url)));
    }
  }
}

TEST(Sinks, no_answer_may_be_one_later) {
  for (const Sink& sink : sinks()) {
    Sent sent(sink);
    sent.host.http = [](const hw::http_request&) -> hw::http_response {
      throw hw::error(hw::code::unavailable, "no route");
    };
    EXPECT_EQ(sent.send(sample("update_failed")), HW_UNAVAILABLE) << sink.name;
    EXPECT_FALSE(sent.shows("topSECRET")) << sink.name;
  }
}

TEST(Sinks, huge_events_are_shortened_and_sent) {
  // What escapes make long, what takes many bytes, what is no text, what ends a line.
  for (const char* filling : {"x", "&", "<", "\"", "\\", "`", "*", "@", "\n", "\x01", "ü", "€", "📦", "a_[b](c) "}) {
    for (const std::string& event : all_events) {
      if (event != "update_failed" && std::string(filling) != "€") continue;  // the others have no more to say
      const json details = huge_sample(event, filling);
      for (const Sink& sink : sinks()) {
        SCOPED_TRACE(sink.url + " " + event + " filled with " + filling);
        Sent sent(sink);
        ASSERT_EQ(sent.send(details), HW_OK);
        if (!sent.host.requests.empty()) check_limits(sink.name, sent.host.requests[0].body);
      }
    }
  }
}

TEST(Sinks, events_without_details_are_told_by_their_own_words) {
  for (const Sink& sink : sinks()) {
    if (sink.name == "webhook" || sink.name == "pagerduty") continue;  // the one posts details, the other knows names
    Sent sent(sink);
    EXPECT_EQ(sent.send_raw("", "All is well", "e1", "https://page.example.com/7"), HW_OK) << sink.name;
    ASSERT_EQ(sent.host.requests.size(), 1u);
    EXPECT_THAT(sent.host.requests[0].body, HasSubstr("All is well")) << sink.name;
    EXPECT_THAT(sent.host.requests[0].body, HasSubstr("https://page.example.com/7")) << sink.name;
  }
}

TEST(Sinks, details_that_are_no_json_are_refused_for_good) {
  for (const Sink& sink : sinks()) {
    Sent sent(sink);
    EXPECT_EQ(sent.send_raw("{", "x"), HW_INVALID) << sink.name;
    EXPECT_TRUE(sent.host.requests.empty());
  }
}

TEST(Sinks, a_dry_run_sends_nothing) {
  for (const Sink& sink : sinks()) {
    Sent sent(sink);
    sent.host.dry_run = true;
    EXPECT_EQ(sent.send(sample("update_failed")), HW_OK) << sink.name;
    EXPECT_TRUE(sent.host.requests.empty()) << sink.name;
  }
}

TEST(Sinks, a_secret_that_is_missing_empty_or_wrong_is_named_at_once) {
  for (Sink sink : sinks()) {
    const std::string name = sink.secrets.begin()->first;
    for (const char* value : {"", " \n", "ftp://topSECRET"}) {
      if (value[0] == 'f' && name == "routing_key") continue;  // any text may be one
      sink.secrets[name] = value;
      const Sent sent(sink);
      EXPECT_EQ(sent.plugin->status(), HW_INVALID) << sink.name;
      ASSERT_EQ(sent.host.failures.size(), 1u);
      EXPECT_THAT(sent.host.failures[0].message, HasSubstr("\"" + name + "\""));
      EXPECT_FALSE(sent.shows("topSECRET"));
    }
    sink.secrets.clear();
    EXPECT_EQ(Sent(sink).plugin->status(), HW_INVALID) << sink.name;
  }
}

}  // namespace
}  // namespace headwind::notifiers
