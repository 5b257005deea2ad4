// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.mattermost: posts to a Mattermost incoming webhook, whose URL is the granted secret "url".
#include <headwind/sdk.hpp>

#include "notifiers/core/hook.hpp"
#include "notifiers/mattermost/message.hpp"

namespace {

namespace notifiers = headwind::notifiers;

class Mattermost : public hw::notifier {
 public:
  Mattermost(const hw::call& call, const hw::config& config)
      : http_(call),
        secrets_(call),
        sender_{config.get<std::string>("username", "Headwind"), config.get<std::string>("icon_url", ""),
                config.get<std::string>("channel", "")} {
    notifiers::read_url(call, secrets_);
  }

  void send(const hw::call& call, const hw::event& event) {
    const auto body = notifiers::mattermost_message(notifiers::notice_of(event), sender_);
    const auto url = notifiers::read_url(call, secrets_);
    if (call.dry_run()) return;
    const auto answer = notifiers::post(call, http_, url, body);
    notifiers::check_chat_answer(answer.status, answer.retry_after(), hw::url_origin(url));
  }

 private:
  hw::http http_;
  hw::secrets secrets_;
  notifiers::MattermostSender sender_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Mattermost>{.id = "headwind.notifier.mattermost",
                                       .version = "1.0.0",
                                       .summary = "Posts events to a Mattermost incoming webhook",
                                       .schema = R"({"type": "object", "additionalProperties": false, "properties": {
  "username": {"type": "string", "default": "Headwind", "maxLength": 64,
               "description": "needs the server's leave to override names"},
  "icon_url": {"type": "string", "pattern": "^(https?://.*)?$", "maxLength": 1000},
  "channel": {"type": "string", "maxLength": 200, "description": "where it is not the webhook's own: releases, @user"}}})",
                                       .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
