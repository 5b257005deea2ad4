// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <string_view>

#include "core/result.hpp"

namespace headwind::telemetry {

// How long another filter of the log counts: "300s", "15m", "1h30m", as durations of the configuration.
Result<std::chrono::milliseconds> log_duration(std::string_view text);

}  // namespace headwind::telemetry
