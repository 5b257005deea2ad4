// SPDX-License-Identifier: Apache-2.0
// headwind.notifier.telegram: has a bot, whose token is the granted secret "token", write into a chat. The token is
// part of the URL, which is therefore never shown.
#include <headwind/sdk.hpp>

#include "notifiers/core/answers.hpp"
#include "notifiers/core/hook.hpp"
#include "notifiers/telegram/message.hpp"

namespace {

namespace notifiers = headwind::notifiers;

class Telegram : public hw::notifier {
 public:
  Telegram(const hw::call& call, const hw::config& config)
      : http_(call),
        secrets_(call),
        chat_{config.get<nlohmann::json>("chat_id"), config.get<std::int64_t>("message_thread_id", 0),
              config.get<bool>("silent", false)},
        endpoint_(config.get<std::string>("endpoint", "https://api.telegram.org")) {
    while (endpoint_.ends_with('/')) endpoint_.pop_back();
    read_token(call);
  }

  void send(const hw::call& call, const hw::event& event) {
    const auto body = notifiers::telegram_message(notifiers::notice_of(event), chat_);
    const auto url = endpoint_ + "/bot" + read_token(call) + "/sendMessage";
    if (call.dry_run()) return;
    const auto answer = notifiers::post(call, http_, url, body);
    if (answer.ok()) return;
    if (const auto moved = notifiers::moved_chat(answer.body); moved != 0)
      throw hw::error(hw::code::invalid,
                      "the group of setting chat_id became a supergroup: set chat_id to " + std::to_string(moved));
    notifiers::check_chat_answer(answer.status, notifiers::pause_after(answer), hw::url_origin(endpoint_),
                                 "check the secret \"token\", the setting chat_id, and that the bot may write there");
  }

 private:
  std::string read_token(const hw::call& call) const {
    auto token = notifiers::read_secret(call, secrets_, "token", "the bot's token");
    if (!notifiers::is_bot_token(token))
      throw hw::error(hw::code::invalid, "the secret \"token\" is no bot's token, such as 123456:ABC-DEF");
    return token;
  }

  hw::http http_;
  hw::secrets secrets_;
  notifiers::TelegramChat chat_;
  std::string endpoint_;
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Telegram>{.id = "headwind.notifier.telegram",
                                     .version = "1.0.0",
                                     .summary = "Has a Telegram bot write events into a chat",
                                     .schema = R"({"type": "object", "additionalProperties": false,
  "required": ["chat_id"], "properties": {
  "chat_id": {"type": ["integer", "string"], "pattern": "^(-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64})$",
              "description": "a number such as -1001234567890, or @channel"},
  "message_thread_id": {"type": "integer", "minimum": 1, "description": "a topic of a group"},
  "silent": {"type": "boolean", "default": false},
  "endpoint": {"type": "string", "default": "https://api.telegram.org", "pattern": "^https?://[^/?#@]+(/[^?#]*)?$",
               "description": "of a Bot API server of your own"}}})",
                                     .needs = {HW_SERVICE_HTTP, HW_SERVICE_SECRETS}});
