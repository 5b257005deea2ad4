// SPDX-License-Identifier: Apache-2.0
#include "plugin/schema_sentence.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <tuple>

#include "core/text.hpp"

namespace headwind::plugin {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostNamed = 12;

bool is_index(const std::string& key) { return key.find_first_not_of("0123456789") == std::string::npos; }

const Json* member(const Json& object, const std::string& name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? &*found : nullptr;
}

std::string word_for(const std::string& type) {
  if (type == "string") return "a text";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  if (type == "array") return "a list";
  if (type == "object") return "an object";
  return "null";
}

bool is_of(const Json& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "integer")
    return value.is_number_integer() || (value.is_number() && std::floor(value.get<double>()) == value.get<double>());
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return value.is_null();
}

std::vector<std::string> types_of(const Json& schema) {
  std::vector<std::string> out;
  const Json* type = member(schema, "type");
  if (type == nullptr) return out;
  for (const Json& one : type->is_array() ? *type : Json::array({*type}))
    if (one.is_string()) out.push_back(one.get<std::string>());
  return out;
}

// A number in the place of something else may be a password that nobody quoted.
std::string found_in(const Json& schema, const Json& value) {
  switch (value.type()) {
    case Json::value_t::string:
      return "a text of " + std::to_string(value.get_ref<const std::string&>().size()) + " bytes";
    case Json::value_t::array: return "a list of " + std::to_string(value.size());
    case Json::value_t::object: return "an object";
    case Json::value_t::null: return "null";
    case Json::value_t::boolean: return value.dump();
    default: {
      const std::vector<std::string> types = types_of(schema);
      const bool wanted = std::ranges::any_of(types, [](const auto& t) { return t == "integer" || t == "number"; });
      return wanted ? value.dump() : "a number";
    }
  }
}

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return out;
}

std::string wanted_type(const Json& schema) {
  std::vector<std::string> words;
  for (const std::string& type : types_of(schema)) words.push_back(word_for(type));
  return words.empty() ? "set" : listed(words);
}

// What the value must be and is not: "must be ...".
std::optional<std::string> unmet(const Json& schema, const Json& value) {
  const std::vector<std::string> types = types_of(schema);
  if (!types.empty() && std::ranges::none_of(types, [&](const std::string& type) { return is_of(value, type); }))
    return "must be " + wanted_type(schema);
  if (const Json* choices = member(schema, "enum");
      choices != nullptr && choices->is_array() && std::ranges::find(*choices, value) == choices->end()) {
    std::vector<std::string> words;
    for (const Json& choice : *choices)
      if (words.size() < kMostNamed) words.push_back(choice.dump(-1, ' ', false, Json::error_handler_t::replace));
    return "must be " + listed(words);
  }
  if (const Json* only = member(schema, "const"); only != nullptr && *only != value)
    return "must be " + only->dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto limit = [&](const char* name) -> std::optional<double> {
    const Json* found = member(schema, name);
    return found != nullptr && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
  };
  const auto told = [&](const char* name) { return member(schema, name)->dump(); };
  if (value.is_number()) {
    const double number = value.get<double>();
    if (const auto least = limit("minimum"); least && number < *least) return "must be " + told("minimum") + " or more";
    if (const auto most = limit("maximum"); most && number > *most) return "must be " + told("maximum") + " or less";
    if (const auto above = limit("exclusiveMinimum"); above && number <= *above)
      return "must be more than " + told("exclusiveMinimum");
    if (const auto below = limit("exclusiveMaximum"); below && number >= *below)
      return "must be less than " + told("exclusiveMaximum");
  }
  const auto size = static_cast<double>(value.is_string() ? value.get_ref<const std::string&>().size() : value.size());
  for (const auto& [fits, least, most, of] :
       {std::tuple{value.is_string(), "minLength", "maxLength", " characters"},
        std::tuple{value.is_array(), "minItems", "maxItems", " items"},
        std::tuple{value.is_object(), "minProperties", "maxProperties", " keys"}}) {
    if (!fits) continue;
    if (const auto limited = limit(least); limited && size < *limited)
      return std::string("must have at least ") + told(least) + of;
    if (const auto limited = limit(most); limited && size > *limited)
      return std::string("must have at most ") + told(most) + of;
  }
  return std::nullopt;
}

// "has no key ..., which must be given", or a key too many.
std::optional<std::string> wrong_keys(const Json& root, const Json& schema, const Json& value) {
  if (!value.is_object()) return std::nullopt;
  const Json* properties = member(schema, "properties");
  if (const Json* required = member(schema, "required"); required != nullptr && required->is_array())
    for (const Json& name : *required)
      if (name.is_string() && !value.contains(name.get<std::string>())) {
        const Json* property = properties == nullptr ? nullptr : member(*properties, name.get<std::string>());
        const std::string kind = property == nullptr ? "" : ", " + wanted_type(follow_reference(root, *property));
        return "has no key " + printable(name.get<std::string>(), 100) + "; it must be given" +
               (kind == ", set" ? "" : kind);
      }
  const Json* others = member(schema, "additionalProperties");
  if (others == nullptr || *others != false || member(schema, "patternProperties") != nullptr) return std::nullopt;
  std::vector<std::string_view> known;
  if (properties != nullptr && properties->is_object())
    for (const auto& [name, unused] : properties->items()) known.push_back(name);
  for (const auto& [name, unused] : value.items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string_view near = nearest(name, known);
    std::vector<std::string> names(known.begin(),
                                   known.begin() + static_cast<std::ptrdiff_t>(std::min(known.size(), kMostNamed)));
    return "has the key '" + printable(name, 100) + "', which the plugin does not know; " +
           (!near.empty()   ? "did you mean '" + std::string(near) + "'?"
            : known.empty() ? std::string("it takes none")
                            : "it takes " + listed(names));
  }
  return std::nullopt;
}

}  // namespace

const Json& follow_reference(const Json& root, const Json& schema) {
  if (const auto reference = schema.find("$ref"); reference != schema.end() && reference->is_string()) {
    const auto& text = reference->get_ref<const std::string&>();
    if (text.starts_with("#/") && root.contains(Json::json_pointer(text.substr(1))))
      return root[Json::json_pointer(text.substr(1))];
  }
  return schema;
}

std::string settings_path(const std::vector<std::string>& path) {
  std::string out = "settings";
  for (const std::string& key : path) out += is_index(key) ? "[" + key + "]" : "." + key;
  return printable(out, 512);
}

std::string settings_sentence(const Json& root, const Json& settings, const std::vector<std::string>& path) {
  const Json *schema = &follow_reference(root, root), *value = &settings;
  for (const std::string& key : path) {
    const Json* below = nullptr;
    if (value->is_array() && is_index(key) && std::stoul(key.substr(0, 9)) < value->size()) {
      value = &(*value)[std::stoul(key.substr(0, 9))];
      below = member(*schema, "items");
    } else if (const Json* found = member(*value, key); found != nullptr) {
      value = found;
      const Json* properties = member(*schema, "properties");
      below = properties == nullptr ? nullptr : member(*properties, key);
      if (below == nullptr) below = member(*schema, "additionalProperties");
    }
    if (below == nullptr || !below->is_object()) return {};
    schema = &follow_reference(root, *below);
  }
  const std::string where = settings_path(path);
  if (const auto keys = wrong_keys(root, *schema, *value)) return where + ": it " + *keys;
  if (const auto must = unmet(*schema, *value)) return where + ": it is " + found_in(*schema, *value) + "; it " + *must;
  if (value->is_string() && member(*schema, "pattern") != nullptr)
    return where + ": it is " + found_in(*schema, *value) + "; it must match the pattern " +
           printable((*schema)["pattern"].dump(-1, ' ', false, Json::error_handler_t::replace), 300);
  return {};
}

}  // namespace headwind::plugin
