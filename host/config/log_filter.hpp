// SPDX-License-Identifier: Apache-2.0
// Which log lines are wanted, in the form that RUST_LOG had: "info", or "headwind=debug,kube=info".
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind::config {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };

struct LogFilter {
  LogLevel others = LogLevel::info;                    // rooms that `rooms` does not name
  std::map<std::string, LogLevel, std::less<>> rooms;  // "kube" -> debug
  LogLevel level_of(std::string_view room) const;
  LogLevel lowest() const;  // nothing below it is wanted by anyone
};

// A part is LEVEL or TARGET=LEVEL, separated by commas. The target "headwind" means every room; "kube" and
// "headwind::kube" mean that room; targets that are no room of ours are harmless. The last of two equals wins.
Result<LogFilter> parse_log_filter(std::string_view text);

}  // namespace headwind::config
