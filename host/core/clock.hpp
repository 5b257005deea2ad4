// SPDX-License-Identifier: Apache-2.0
// Time comes from here, so that tests can own it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t unix_ms() const = 0;  // milliseconds since 1970, UTC
  virtual std::int64_t mono_ms() const = 0;  // never goes back; for durations
};

// The machine's clock. Thread-safe.
const Clock& system_clock();

// "2025-11-06T10:30:00.123Z" (RFC 3339, UTC, milliseconds).
std::string format_rfc3339(std::int64_t unix_ms);
// Any RFC 3339 time, with offset and up to nine fractional digits, to milliseconds since 1970.
Result<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace headwind
