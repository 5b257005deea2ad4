// SPDX-License-Identifier: Apache-2.0
// The shared objects of the notifiers that post JSON, in a fake host: what each is configured with.
#pragma once
#include <headwind/sdk.hpp>
#include <headwind/sdk/testing.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins_notifiers/samples.hpp"

namespace headwind::notifiers {

struct Sink {
  std::string name, settings;
  std::map<std::string, std::string> secrets;
  std::string url;  // where it posts to
};

inline std::vector<Sink> sinks() {
  const auto hook = [](const std::string& name, const std::string& url, const std::string& settings = "{}") {
    return Sink{name, settings, {{"url", url + "\n"}}, url};
  };
  Sink telegram{"telegram",
                R"({"chat_id": -1001234567890, "message_thread_id": 7, "silent": true})",
                {{"token", "123456:topSECRET_-x"}},
                "https://api.telegram.org/bot123456:topSECRET_-x/sendMessage"};
  Sink pagerduty{"pagerduty",
                 R"({"source": "cluster-1", "change_events": true})",
                 {{"routing_key", "0123456789abcdeftopSECRET0123456"}},
                 "https://events.pagerduty.com/v2/enqueue"};
  return {hook("slack", "https://hooks.slack.com/services/T0/B0/topSECRET"),
          hook("teams", "https://contoso.webhook.office.com/webhookb2/topSECRET"),
          hook("teams", "https://prod-1.westus.logic.azure.com/workflows/x?sig=topSECRET"),
          hook("webhook", "https://audit.example.com/topSECRET", R"({"max_retries": 0})"),
          hook("discord", "https://discord.com/api/webhooks/1/topSECRET"),
          hook("mattermost", "https://chat.example.com/hooks/topSECRET", R"({"channel": "releases"})"),
          hook("googlechat", "https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=topSECRET"),
          telegram,
          pagerduty};
}

// One instance of a sink, and what becomes of events that are sent to it.
class Sent {
 public:
  explicit Sent(const Sink& sink, const std::string& settings = "") {
    host.secrets = sink.secrets;
    host.http = [this](const hw::http_request&) { return answer; };
    host.metrics_granted = true;
    plugin = std::make_unique<hw::testing::instance>(
        host, hw::testing::load(std::string(PLUGIN_DIRECTORY) + "/headwind-notifier-" + sink.name + ".so"),
        settings.empty() ? sink.settings : settings);
  }

  hw_status send(const nlohmann::json& details, const std::string& id = "e1") {
    return send_raw(details.dump(), "The words of the host", id);
  }
  hw_status send_raw(const std::string& details, const std::string& text, const std::string& id = "e1",
                     const std::string& link = "") {
    const hw_event event{sizeof(hw_event),
                         HW_LOG_INFO,
                         HW_LITERAL("update_failed"),
                         hw::str(id),
                         sample_time,
                         HW_LITERAL("apps/Deployment prod/web"),
                         HW_LITERAL("nginx:1.25.0"),
                         HW_LITERAL("nginx:1.26.0"),
                         hw::str(text),
                         hw::str(link),
                         hw::str(details)};
    const hw_event* const events[] = {&event};
    hw_status result = HW_CANCELLED;
    const hw_status status = plugin->api<hw_notifier_api>()->send(plugin->self(), host.call(), events, 1, &result);
    EXPECT_EQ(status, result);
    return result;
  }
  nlohmann::json body() const {
    return host.requests.empty() ? nlohmann::json() : nlohmann::json::parse(host.requests.back().body, nullptr, false);
  }
  // Whether a text appears in anything that leaves the plugin for people.
  bool shows(const std::string& text) const {
    const auto in = [&](const std::string& where) { return where.find(text) != std::string::npos; };
    for (const auto& failure : host.failures)
      if (in(failure.message)) return true;
    for (const auto& line : host.logs) {
      if (in(line.message)) return true;
      for (const auto& [key, value] : line.fields)
        if (in(key) || in(value)) return true;
    }
    for (const auto& [name, value] : host.metrics)
      if (in(name)) return true;
    return false;
  }

  hw::http_response answer{.status = 200, .headers = {}, .body = "ok"};
  hw::testing::fake_host host;
  std::unique_ptr<hw::testing::instance> plugin;
};

// Everything that an event may say.
inline nlohmann::json full_sample(const std::string& event) {
  auto details = sample(event);
  details["policy"] = "Minor";
  details["requiresApproval"] = true;
  details["approvedBy"] = "ann@example.com";
  details["rejectionReason"] = "breaks <the> [cart](https://evil) & *more* @channel <!channel> <users/all>";
  details["errorMessage"] = "pod web-1: `CrashLoopBackOff` __x__\nsecond line @everyone";
  details["uiUrl"] = "https://ui.example.com/updates/prod/web?a=1&b=(2)";
  details["approvalUrl"] = "https://api.example.com/api/v1/updates/prod/web/approve";
  return details;
}

// Each member filled far beyond every limit.
inline nlohmann::json huge_sample(const std::string& event, const std::string& filling) {
  std::string text;
  while (text.size() < 6'000) text += filling;
  auto details = full_sample(event);
  for (const char* member : {"policy", "approvedBy", "rejectionReason", "errorMessage"}) details[member] = text;
  for (auto& member : details["deployment"].items()) member.value() = text;
  details["uiUrl"] = "https://ui.example.com/" + std::string(2900, 'u');
  details["approvalUrl"] = "https://api.example.com/" + std::string(2900, 'a');
  return details;
}

}  // namespace headwind::notifiers
