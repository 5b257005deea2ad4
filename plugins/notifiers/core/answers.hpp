// SPDX-License-Identifier: Apache-2.0
// What receivers say in their bodies, which nobody has checked: at most 64 KiB are looked at.
#pragma once
#include <chrono>
#include <cstdint>
#include <string_view>

namespace headwind::notifiers {

// How long to wait, where the body says so: Discord's {"retry_after": 0.53}, Telegram's {"parameters": {"retry_after":
// 5}}, in seconds. At most a day; 0 where it does not say.
std::chrono::milliseconds wanted_pause(std::string_view body);

// Telegram's {"parameters": {"migrate_to_chat_id": -100...}}: the group has another id now. 0 where it has not.
std::int64_t moved_chat(std::string_view body);

}  // namespace headwind::notifiers
