// SPDX-License-Identifier: Apache-2.0
// Lenient reading of what registries answer: what is absent or of another type is empty.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace headwind::registries {

// Null where the text is not JSON, or nested so deeply that copying it would exhaust the stack.
inline nlohmann::json parse_json(std::string_view text) {
  constexpr int max_depth = 64;
  bool too_deep = false;
  auto value = nlohmann::json::parse(
      text,
      [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        too_deep = too_deep || depth > max_depth;
        return !too_deep;
      },
      false);
  if (value.is_discarded() || too_deep) value = nullptr;
  return value;
}

inline std::string text_at(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

inline const nlohmann::json& object_at(const nlohmann::json& object, const char* key) {
  static const nlohmann::json none = nlohmann::json::object();
  if (!object.is_object()) return none;
  const auto it = object.find(key);
  return it != object.end() && it->is_object() ? *it : none;
}

}  // namespace headwind::registries
