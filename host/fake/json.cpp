// SPDX-License-Identifier: Apache-2.0
#include "fake/json.hpp"

namespace headwind::fake {

bool parse_json(std::string_view text, Json& out) {
  constexpr int kMaxDepth = 200;  // dump() recurses
  bool too_deep = false;
  const auto guard = [&too_deep](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) too_deep = true;
    return !too_deep;
  };
  out = Json::parse(text, guard, false);
  return !out.is_discarded() && !too_deep;
}

const Json* find_at(const Json& object, std::initializer_list<std::string_view> path) {
  const Json* at = &object;
  for (const std::string_view step : path) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(step);
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

std::string text_at(const Json& object, std::initializer_list<std::string_view> path) {
  const Json* found = find_at(object, path);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

Json& object_at(Json& object, const char* name) {
  Json& member = object[name];
  if (!member.is_object()) member = Json::object();
  return member;
}

}  // namespace headwind::fake
