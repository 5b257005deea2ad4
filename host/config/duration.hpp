// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <string_view>

#include "core/result.hpp"

namespace headwind::config {

// "300", "300s", "5m", "1h30m", "250ms", "7d": whole numbers with units from large to small; a bare number is seconds.
// At most ten years.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace headwind::config
