// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "notifiers/core/notice.hpp"

namespace headwind::notifiers {

enum class Card { message, adaptive };

// Workflows, the successor of the connectors that were retired in 2026, take Adaptive Cards; connectors and the relays
// that imitate them take MessageCards. `setting`: "auto", "message_card" or "adaptive_card".
Card choose_card(std::string_view setting, std::string_view url);

std::string message_card(const Notice& notice);
std::string adaptive_card(const Notice& notice);

// Connectors answer 200 even where they failed, and say so in the body: "... returned HTTP error 429". 0 where not.
int hidden_status(std::string_view body);

}  // namespace headwind::notifiers
