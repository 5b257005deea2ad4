// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.slack: posts to a Slack incoming webhook, whose URL is the granted secret "url".
#include <headwind/sdk.hpp>

#include "notifiers/core/hook.hpp"
#include "notifiers/slack/message.hpp"

namespace {

namespace notifiers = headwind::notifiers;

class Slack : public hw::notifier {
 public:
  Slack(const hw::call& call, const hw::config& config)
      : http_(call),
        secrets_(call),
        username_(config.get<std::string>("username", "Headwind")),
        icon_emoji_(config.get<std::string>("icon_emoji", ":robot_face:")) {
    notifiers::read_url(call, secrets_);
  }

  void send(const hw::call& call, const hw::event& event) {
    const auto body = notifiers::slack_message(notifiers::notice_of(event), username_, icon_emoji_);
    const auto url = notifiers::read_url(call, secrets_);
    if (call.dry_run()) return;
    const auto answer = notifiers::post(call, http_, url, body);
    notifiers::check_chat_answer(answer.status, answer.retry_after(), hw::url_origin(url));
  }

 private:
  hw::http http_;
  hw::secrets secrets_;
  std::string username_, icon_emoji_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Slack>{.id = "headwind.notifier.slack",
                                  .version = "1.0.0",
                                  .summary = "Posts events to a Slack incoming webhook",
                                  .schema = R"({"type": "object", "additionalProperties": false, "properties": {
  "username": {"type": "string", "default": "Headwind", "maxLength": 80},
  "icon_emoji": {"type": "string", "default": ":robot_face:", "maxLength": 80}}})",
                                  .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
