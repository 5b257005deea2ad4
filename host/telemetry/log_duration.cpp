// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_duration.hpp"

#include "config/duration.hpp"

namespace headwind::telemetry {

Result<std::chrono::milliseconds> log_duration(std::string_view text) { return config::parse_duration(text); }

}  // namespace headwind::telemetry
