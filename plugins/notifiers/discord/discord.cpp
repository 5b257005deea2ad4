// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.discord: posts to a Discord webhook, whose URL is the granted secret "url".
#include <headwind/sdk.hpp>

#include "notifiers/core/hook.hpp"
#include "notifiers/discord/message.hpp"

namespace {

namespace notifiers = headwind::notifiers;

class Discord : public hw::notifier {
 public:
  Discord(const hw::call& call, const hw::config& config)
      : http_(call), secrets_(call), username_(config.get<std::string>("username", "Headwind")) {
    notifiers::read_url(call, secrets_);
  }

  void send(const hw::call& call, const hw::event& event) {
    const auto body = notifiers::discord_message(notifiers::notice_of(event), username_);
    const auto url = notifiers::read_url(call, secrets_);
    if (call.dry_run()) return;
    const auto answer = notifiers::post(call, http_, url, body);
    notifiers::check_chat_answer(answer.status, notifiers::pause_after(answer), hw::url_origin(url));
  }

 private:
  hw::http http_;
  hw::secrets secrets_;
  std::string username_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Discord>{.id = "headwind.notifier.discord",
                                    .version = "1.0.0",
                                    .summary = "Posts events to a Discord webhook",
                                    .schema = R"({"type": "object", "additionalProperties": false, "properties": {
  "username": {"type": "string", "default": "Headwind", "maxLength": 80,
               "description": "shown as the sender; empty: the webhook's own name"}}})",
                                    .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
