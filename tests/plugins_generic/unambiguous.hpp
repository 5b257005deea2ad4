// SPDX-License-Identifier: Apache-2.0
// A second reader of JSON, for the fuzz targets.
#pragma once
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::workloads::generic {

// Discarded where it is none, or where a member stands twice: readers may differ on which one counts, and the API
// server never sends such objects.
inline nlohmann::json parse_unambiguous(std::string_view text) {
  using Event = nlohmann::json::parse_event_t;
  bool twice = false;
  std::vector<std::vector<std::string>> keys;
  const auto watch = [&](int, Event event, nlohmann::json& value) {
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end && !keys.empty()) keys.pop_back();
    if (event == Event::key) {
      const auto name = value.get<std::string>();
      twice = twice || std::find(keys.back().begin(), keys.back().end(), name) != keys.back().end();
      keys.back().push_back(name);
    }
    return true;
  };
  nlohmann::json json = nlohmann::json::parse(text, watch, false);
  return twice ? nlohmann::json(nlohmann::json::value_t::discarded) : json;
}

}  // namespace headwind::workloads::generic
