// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "notifiers/pagerduty/message.hpp"
#include "plugins_notifiers/sinks.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;

struct Told {
  std::string url;
  json body;
};

// Nothing where nothing was posted.
Told tell(const json& details, const std::string& settings = R"({"source": "cluster-1"})") {
  Sent sent(sinks().back(), settings);
  EXPECT_EQ(sent.send(details), HW_OK);
  return sent.host.requests.empty() ? Told() : Told{sent.host.requests[0].url, sent.body()};
}

TEST(PagerDuty, a_failed_rollout_opens_the_alert_that_a_later_success_closes) {
  auto details = sample("update_failed");
  details["errorMessage"] = "web-1 does not start";
  details["uiUrl"] = "https://ui/u";
  const json expected = json::parse(R"({"routing_key":"0123456789abcdeftopSECRET0123456","event_action":"trigger",
 "dedup_key":"cluster-1 Deployment prod/web nginx","client":"Headwind","client_url":"https://ui/u",
 "links":[{"href":"https://ui/u","text":"View in Dashboard"}],
 "payload":{"summary":"Update failed: Deployment prod/web (nginx), nginx:1.26.0: web-1 does not start",
  "source":"cluster-1","severity":"error","timestamp":"2025-11-06T10:30:00Z","class":"update.failed","group":"prod",
  "component":"web","custom_details":{"Namespace":"prod","Deployment":"web","Container":"nginx",
   "Current Image":"nginx:1.25.0","New Image":"nginx:1.26.0","Error":"web-1 does not start"}}})");
  EXPECT_EQ(tell(details).body, expected);
  auto later = sample("rollout_completed");
  later["deployment"]["newImage"] = "nginx:1.27.0";
  EXPECT_EQ(tell(later).body, json::parse(R"({"routing_key":"0123456789abcdeftopSECRET0123456",
 "event_action":"resolve","dedup_key":"cluster-1 Deployment prod/web nginx"})"));
}

TEST(PagerDuty, each_event_has_its_action) {
  const std::vector<std::array<std::string, 3>> table{
      {"update_detected", "", ""},           {"update_request_created", "", ""},
      {"update_approved", "", ""},           {"update_rejected", "", ""},
      {"update_completed", "", ""},          {"update_failed", "trigger", "error"},
      {"rollout_completed", "resolve", ""},  {"rollback_triggered", "", ""},
      {"rollback_completed", "resolve", ""}, {"rollback_failed", "trigger", "critical"}};
  for (const auto& [event, action, severity] : table) {
    const json body = tell(sample(event)).body;
    EXPECT_EQ(body.is_null() ? "" : body.value("event_action", ""), action) << event;
    if (!severity.empty()) EXPECT_EQ(body["payload"]["severity"], severity) << event;
  }
  auto own = sample("rollback_triggered");
  own["approvedBy"] = "headwind-auto-rollback";
  EXPECT_EQ(tell(own).body["payload"]["severity"], "warning") << "nobody asked for it";
}

TEST(PagerDuty, applied_updates_are_change_events_where_wanted) {
  const auto told =
      tell(sample("update_completed"), R"({"change_events": true, "endpoint": "https://events.eu.pagerduty.com"})");
  EXPECT_EQ(told.url, "https://events.eu.pagerduty.com/v2/change/enqueue");
  EXPECT_FALSE(told.body.contains("event_action"));
  EXPECT_FALSE(told.body.contains("dedup_key"));
  EXPECT_EQ(told.body["payload"]["summary"], "Update completed: Deployment prod/web (nginx), nginx:1.26.0");
}

TEST(PagerDuty, keys_tell_workloads_containers_and_clusters_apart_and_never_get_too_long) {
  const auto key = [](const char* member, const std::string& value, const char* source = "c") {
    auto details = sample("update_failed");
    if (*member != 0) details["deployment"][member] = value;
    return dedup_key(source, notice_of(details));
  };
  const std::set<std::string> keys{key("", ""),
                                   key("name", "api"),
                                   key("namespace", "x"),
                                   key("container", "y"),
                                   key("container", ""),
                                   key("resourceKind", "StatefulSet"),
                                   key("", "", "d"),
                                   key("name", std::string(300, 'n')),
                                   key("name", std::string(301, 'n'))};
  EXPECT_EQ(keys.size(), 9u);
  for (const auto& one : keys) EXPECT_LE(one.size(), 255u);
  EXPECT_EQ(key("newImage", "nginx:2"), key("", "")) << "whatever the image";
}

TEST(PagerDuty, throttling_without_a_header_means_a_minute) {
  Sent sent(sinks().back());
  sent.answer = {429, {}, ""};
  EXPECT_EQ(sent.send(sample("update_failed")), HW_THROTTLED);
  EXPECT_EQ(sent.host.failures.at(0).retry_after_ms, 60'000);
}

}  // namespace
}  // namespace headwind::notifiers
