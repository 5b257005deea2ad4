// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "core/clock.hpp"

namespace headwind::test {

// A clock that stands still until a test sets it.
class OwnClock final : public Clock {
 public:
  std::int64_t now = 1'000'000;  // of mono_ms()
  std::int64_t unix_ms() const override { return 1'700'000'000'000 + now; }
  std::int64_t mono_ms() const override { return now; }
};

}  // namespace headwind::test
