// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.googlechat: posts to a webhook of a Google Chat space, whose URL is the granted secret "url".
#include <headwind/sdk.hpp>

#include "notifiers/core/hook.hpp"
#include "notifiers/googlechat/message.hpp"

namespace {

namespace notifiers = headwind::notifiers;

class GoogleChat : public hw::notifier {
 public:
  GoogleChat(const hw::call& call, const hw::config&) : http_(call), secrets_(call) {
    notifiers::read_url(call, secrets_);
  }

  void send(const hw::call& call, const hw::event& event) {
    const auto body = notifiers::google_chat_message(notifiers::notice_of(event));
    const auto url = notifiers::read_url(call, secrets_);
    if (call.dry_run()) return;
    const auto answer = notifiers::post(call, http_, url, body);
    notifiers::check_chat_answer(answer.status, answer.retry_after(), hw::url_origin(url));
  }

 private:
  hw::http http_;
  hw::secrets secrets_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<GoogleChat>{
    .id = "headwind.notifier.googlechat",
    .version = "1.0.0",
    .summary = "Posts events to a Google Chat space, as cards",
    .schema = R"({"type": "object", "additionalProperties": false, "properties": {}})",
    .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
