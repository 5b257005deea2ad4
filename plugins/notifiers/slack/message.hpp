// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

// The JSON body for a Slack incoming webhook: blocks, and a coloured attachment as the fallback text.
std::string slack_message(const Notice& notice, std::string_view username, std::string_view icon_emoji);

}  // namespace headwind::notifiers
