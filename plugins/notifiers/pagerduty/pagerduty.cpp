// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.pagerduty: opens and closes alerts by PagerDuty's Events API v2. The integration's key is the
// granted secret "routing_key".
#include <algorithm>
#include <headwind/sdk.hpp>

#include "notifiers/core/hook.hpp"
#include "notifiers/pagerduty/message.hpp"

namespace {

namespace notifiers = headwind::notifiers;
using notifiers::PagerAction;
using std::chrono::milliseconds;

class PagerDuty : public hw::notifier {
 public:
  PagerDuty(const hw::call& call, const hw::config& config)
      : http_(call),
        secrets_(call),
        source_(config.get<std::string>("source", "headwind")),
        changes_(config.get<bool>("change_events", false)),
        endpoint_(config.get<std::string>("endpoint", "https://events.pagerduty.com")) {
    while (endpoint_.ends_with('/')) endpoint_.pop_back();
    read_key(call);
  }

  void send(const hw::call& call, const hw::event& event) {
    const auto notice = notifiers::notice_of(event);
    const auto action = notifiers::pager_action(notice, changes_);
    if (action == PagerAction::none) return;
    const auto body = notifiers::pager_message(notice, action, read_key(call), source_);
    if (call.dry_run()) return;
    const auto path = action == PagerAction::change ? "/v2/change/enqueue" : "/v2/enqueue";
    const auto answer = notifiers::post(call, http_, endpoint_ + path, body);
    // PagerDuty asks for minutes, and does not always say so in a header.
    const milliseconds least = answer.status == 429 ? std::chrono::minutes(1) : milliseconds(0);
    notifiers::check_chat_answer(answer.status, std::max<milliseconds>(answer.retry_after(), least),
                                 hw::url_origin(endpoint_), "check the secret \"routing_key\"");
  }

 private:
  std::string read_key(const hw::call& call) const {
    return notifiers::read_secret(call, secrets_, "routing_key", "the integration key of a PagerDuty service");
  }

  hw::http http_;
  hw::secrets secrets_;
  std::string source_;
  bool changes_;
  std::string endpoint_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<PagerDuty>{.id = "headwind.notifier.pagerduty",
                                      .version = "1.0.0",
                                      .summary = "Opens and closes alerts by PagerDuty's Events API v2",
                                      .schema = R"({"type": "object", "additionalProperties": false, "properties": {
  "source": {"type": "string", "default": "headwind", "minLength": 1, "maxLength": 100,
             "description": "this cluster's name: part of each alert's key"},
  "change_events": {"type": "boolean", "default": false, "description": "tell applied updates too, as change events"},
  "endpoint": {"type": "string", "default": "https://events.pagerduty.com", "pattern": "^https?://[^/?#@]+/?$",
               "description": "https://events.eu.pagerduty.com for accounts in the EU"}}})",
                                      .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
