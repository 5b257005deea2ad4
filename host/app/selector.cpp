// SPDX-License-Identifier: Apache-2.0
#include "app/selector.hpp"

#include <nlohmann/json.hpp>

namespace headwind::app {
namespace {

using nlohmann::json;

std::string selector_text(const json& selector) {
  std::string text;
  const auto add = [&](const std::string& term) { text += (text.empty() ? "" : ",") + term; };
  const json labels = selector.value("matchLabels", json::object());
  for (const auto& [key, value] : labels.items())
    if (value.is_string()) add(key + "=" + value.get<std::string>());
  const json expressions = selector.value("matchExpressions", json::array());
  for (const json& expression : expressions) {
    const std::string key = expression.value("key", ""), verb = expression.value("operator", "");
    std::string values;
    const json list = expression.value("values", json::array());
    for (const json& value : list) values += (values.empty() ? "" : ",") + value.get<std::string>();
    if (verb == "In") add(key + " in (" + values + ")");
    if (verb == "NotIn") add(key + " notin (" + values + ")");
    if (verb == "Exists") add(key);
    if (verb == "DoesNotExist") add("!" + key);
  }
  return text;
}

}  // namespace

std::string selector_of(const json& object) {
  const json::json_pointer place("/spec/selector");
  return object.is_object() && object.contains(place) && object.at(place).is_object() ? selector_text(object.at(place))
                                                                                      : std::string();
}

}  // namespace headwind::app
