// SPDX-License-Identifier: Apache-2.0
// How a log record looks, for machines and for people. Every value is cut at 4,096 bytes.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "telemetry/log.hpp"

namespace headwind::telemetry {

std::string_view to_string(Level level);

// {"ts":"2025-11-06T10:30:00.123Z","level":"info","room":"kube","message":"...","fields":{"kind":"Deployment"}}
std::string json_line(std::int64_t unix_ms, Level level, std::string_view room, std::string_view message,
                      std::span<const Field> fields);
// 2025-11-06T10:30:00.123Z INFO  kube: ... kind=Deployment reason="two words"
std::string text_line(std::int64_t unix_ms, Level level, std::string_view room, std::string_view message,
                      std::span<const Field> fields);

}  // namespace headwind::telemetry
