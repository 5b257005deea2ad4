// SPDX-License-Identifier: Apache-2.0
#include "app/belongings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace headwind::app {

using nlohmann::json;

std::string text_at(const json& object, const char* pointer) {
  const json::json_pointer place(pointer);
  if (!object.is_object() || !object.contains(place) || !object.at(place).is_string()) return {};
  return object.at(place).get<std::string>();
}

bool is_owned_by(const json& object, const std::string& uid) {
  const json::json_pointer place("/metadata/ownerReferences");
  if (!object.is_object() || !object.contains(place) || !object.at(place).is_array()) return false;
  const json& owners = object.at(place);
  return std::any_of(owners.begin(), owners.end(), [&](const json& owner) { return text_at(owner, "/uid") == uid; });
}

}  // namespace headwind::app
