// SPDX-License-Identifier: Apache-2.0
#include "conformance/settings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/text.hpp"
#include "plugin/schema.hpp"

namespace headwind::conformance {
namespace {

using Json = nlohmann::json;

Json parse(std::string_view text) {
  Json out = text.empty() ? Json::object() : Json::parse(text, nullptr, false);
  return out.is_object() ? out : Json::object();
}

Json member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : Json::object();
}

bool fits(const Json& schema, const Json& value) {
  const Json wrapped{{"type", "object"}, {"properties", {{"value", schema}}}};
  return plugin::prepare_settings(wrapped.dump(), Json{{"value", value}}.dump()).has_value();
}

// Where something would be sent, that leads nowhere.
std::vector<Json> guesses(const std::string& name) {
  const std::string lower = to_lower(name);
  const auto is_about = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  std::vector<Json> out;
  if (is_about("url") || is_about("endpoint")) out.emplace_back("https://check.invalid");
  if (is_about("host") || is_about("server")) out.emplace_back("127.0.0.1");
  if (is_about("file") || is_about("path")) out.emplace_back("/nonexistent");
  if (is_about("mail") || is_about("from") || is_about("to")) {
    out.emplace_back("check@check.invalid");
    out.push_back(Json::array({"check@check.invalid"}));
  }
  for (const char* text : {"check", "1", "https://check.invalid", "/nonexistent", "check@check.invalid", "1.0.0"})
    out.emplace_back(text);
  for (const int number : {1, 0, 10, 100, 1000}) out.emplace_back(number);
  out.emplace_back(true);
  out.push_back(Json::array());
  out.push_back(Json::array({"check"}));
  out.push_back(Json::object());
  return out;
}

std::optional<Json> made_up(const std::string& name, const Json& schema) {
  if (schema.contains("default")) return schema["default"];
  if (schema.contains("const")) return schema["const"];
  for (const char* list : {"examples", "enum"})
    if (const auto found = schema.find(list); found != schema.end() && found->is_array() && !found->empty())
      return found->front();
  for (Json& guess : guesses(name))
    if (fits(schema, guess)) return std::move(guess);
  return std::nullopt;
}

}  // namespace

Result<std::string> settings_for(std::string_view schema_text, std::string_view given) {
  if (!given.empty()) return plugin::prepare_settings(schema_text, given);
  const Json schema = parse(schema_text), properties = member(schema, "properties");
  Json settings = Json::object();
  if (const auto required = schema.find("required"); required != schema.end() && required->is_array())
    for (const Json& name : *required)
      if (name.is_string())
        if (auto value = made_up(name.get<std::string>(), member(properties, name.get<std::string>().c_str())))
          settings[name.get<std::string>()] = std::move(*value);
  Result<std::string> prepared = plugin::prepare_settings(schema_text, settings.dump());
  if (!prepared)
    return make_error(Code::invalid, "its schema requires settings that cannot be made up (" +
                                         prepared.error().message + "); give them with --settings or --config");
  return prepared;
}

std::vector<WrongSettings> wrong_settings(std::string_view schema_text, std::string_view settings_text) {
  const Json schema = parse(schema_text), settings = parse(settings_text);
  std::vector<WrongSettings> out;
  const Json properties = member(schema, "properties");
  for (const auto& [name, property] : properties.items()) {
    for (const auto& [word, value] : {std::pair<const char*, Json>{"a number", 7.5},
                                      {"a text", "\u2603 no such value"},
                                      {"a list", Json::array({nullptr})},
                                      {"an object", {{"no_such_key", 1}}},
                                      {"null", nullptr}}) {
      Json wrong = settings;
      wrong[name] = value;
      out.push_back({printable(name, 100) + " is " + word, wrong.dump()});
    }
  }
  return out;
}

bool takes_any_key(std::string_view schema, std::string_view settings_text) {
  Json settings = parse(settings_text);
  settings["no_such_setting"] = 1;
  return plugin::prepare_settings(schema, settings.dump()).has_value();
}

}  // namespace headwind::conformance
