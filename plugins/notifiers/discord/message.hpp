// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

// The JSON body for a Discord webhook: one embed, and nobody is called by it. `username` may be empty: the webhook's
// own.
std::string discord_message(const Notice& notice, std::string_view username);

}  // namespace headwind::notifiers
