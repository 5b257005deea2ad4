// SPDX-License-Identifier: Apache-2.0
// What a run is asked to do, its chance, and what it counts.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace headwind::soak {

struct Settings {
  std::chrono::seconds duration{60};  // HEADWIND_SOAK_SECONDS; at most 3,000: the operator's token is good for an hour
  std::uint64_t seed = 0;             // HEADWIND_SOAK_SEED; else another one each time
};
Settings settings_from_environment();

// The same seed makes the same choices where it meets the same state. What the cluster does meanwhile is its own.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : engine_() % limit; }
  bool chance(std::size_t percent) { return below(100) < percent; }
  std::chrono::milliseconds up_to(std::size_t milliseconds) { return std::chrono::milliseconds(below(milliseconds)); }
  template <typename T>
  T& pick(std::vector<T>& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937_64 engine_;  // its sequence is the same in every library; that of distributions is not
};

using Tally = std::map<std::string, std::size_t>;

std::int64_t now_ms();

}  // namespace headwind::soak
