// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

struct TelegramChat {
  nlohmann::json id;        // a number, or "@channel"
  std::int64_t thread = 0;  // a topic of a group; 0: none
  bool silent = false;
};

// The JSON body of Telegram's sendMessage: HTML of our own making.
std::string telegram_message(const Notice& notice, const TelegramChat& chat);

// A bot's token may stand in a URL as it is.
bool is_bot_token(const std::string& token);

}  // namespace headwind::notifiers
