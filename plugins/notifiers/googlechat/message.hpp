// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

// The JSON body for a webhook of a Google Chat space: a line of text, which the notification shows, and a card.
std::string google_chat_message(const Notice& notice);

}  // namespace headwind::notifiers
