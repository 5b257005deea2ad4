// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.teams: posts to a Microsoft Teams workflow or connector, whose URL is the granted secret "url".
#include <headwind/sdk.hpp>

#include "notifiers/core/hook.hpp"
#include "notifiers/teams/message.hpp"

namespace {

namespace notifiers = headwind::notifiers;

class Teams : public hw::notifier {
 public:
  Teams(const hw::call& call, const hw::config& config)
      : http_(call), secrets_(call), card_(config.get<std::string>("card", "auto")) {
    notifiers::read_url(call, secrets_);
  }

  void send(const hw::call& call, const hw::event& event) {
    const auto notice = notifiers::notice_of(event);
    const auto url = notifiers::read_url(call, secrets_);
    const bool adaptive = notifiers::choose_card(card_, url) == notifiers::Card::adaptive;
    const auto body = adaptive ? notifiers::adaptive_card(notice) : notifiers::message_card(notice);
    if (call.dry_run()) return;
    const auto answer = notifiers::post(call, http_, url, body);
    const int hidden = answer.ok() ? notifiers::hidden_status(answer.body) : 0;
    notifiers::check_chat_answer(hidden != 0 ? hidden : answer.status, answer.retry_after(), hw::url_origin(url));
  }

 private:
  hw::http http_;
  hw::secrets secrets_;
  std::string card_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Teams>{.id = "headwind.notifier.teams",
                                  .version = "1.0.0",
                                  .summary = "Posts events to Microsoft Teams, as cards",
                                  .schema = R"({"type": "object", "additionalProperties": false, "properties": {
  "card": {"enum": ["auto", "message_card", "adaptive_card"], "default": "auto",
           "description": "auto: an Adaptive Card for workflow URLs, else a MessageCard"}}})",
                                  .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
