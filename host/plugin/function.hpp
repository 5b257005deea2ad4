// SPDX-License-Identifier: Apache-2.0
// The functions through which the host enters a plugin, and what is promised of each.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace headwind::plugin {

enum class Function : std::size_t {
  create,
  destroy,
  list_tags,
  resolve,
  platforms,
  parse_webhook,
  describe,
  images,
  rollout,
  choose,
  send
};

struct Traits {
  std::string_view name;
  std::chrono::milliseconds deadline;  // where the configuration has none
  bool quick;                          // pure computation: the quick pool; else a thread on demand
  bool serial;                         // one at a time for each instance
};

inline constexpr std::array<Traits, 11> kTraits = {{
    {"create", std::chrono::seconds(30), false, false},
    {"destroy", std::chrono::seconds(5), false, false},
    {"list_tags", std::chrono::seconds(120), false, false},
    {"resolve", std::chrono::seconds(30), false, false},
    {"platforms", std::chrono::seconds(30), false, false},
    {"parse_webhook", std::chrono::seconds(2), true, false},
    {"describe", std::chrono::seconds(2), true, false},
    {"images", std::chrono::seconds(2), true, false},
    {"rollout", std::chrono::seconds(2), true, false},
    {"choose", std::chrono::seconds(2), true, false},
    {"send", std::chrono::seconds(30), false, true},
}};

constexpr const Traits& traits(Function function) { return kTraits[static_cast<std::size_t>(function)]; }

}  // namespace headwind::plugin
