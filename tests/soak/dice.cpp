// SPDX-License-Identifier: Apache-2.0
#include "dice.hpp"

#include <algorithm>
#include <cstdlib>

namespace headwind::soak {

Settings settings_from_environment() {
  Settings settings;
  if (const char* seconds = std::getenv("HEADWIND_SOAK_SECONDS"); seconds != nullptr && *seconds != '\0')
    settings.duration = std::chrono::seconds(std::clamp(std::atoi(seconds), 1, 3000));
  const char* seed = std::getenv("HEADWIND_SOAK_SEED");
  settings.seed = seed != nullptr && *seed != '\0' ? std::strtoull(seed, nullptr, 10) : std::random_device()();
  return settings;
}

std::int64_t now_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace headwind::soak
