// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "update/context.hpp"

namespace headwind::update {

// What happened after `since_ms`, read from histories and requests: the same notifications, with the same ids, that
// were told or should have been when it happened (decisions 27). Oldest first.
std::vector<Notification> happened_since(const Context& context, std::int64_t since_ms);

}  // namespace headwind::update
