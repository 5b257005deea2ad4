// SPDX-License-Identifier: Apache-2.0
#include "app/belongings.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace headwind::app {

using nlohmann::json;

namespace {

std::optional<std::int64_t> number_in(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

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

bool is_stale(const json& object) {
  const json::json_pointer status("/status"), observed("/status/observedGeneration"), wanted("/metadata/generation");
  // An empty one is what the API server itself writes before any controller does.
  if (!object.contains(status) || !object.at(status).is_object() || object.at(status).empty()) return true;
  if (!object.contains(observed) || !object.contains(wanted)) return false;
  const auto seen = number_in(object.at(observed)), now = number_in(object.at(wanted));
  return seen && now && *seen < *now;
}

}  // namespace headwind::app
