// SPDX-License-Identifier: Apache-2.0
#include "parameter_sentence.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

namespace headwind::python {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_shown = 200;  // bytes of one value

const Json* member(const Json* object, const std::string& name) {
  if (object == nullptr || !object->is_object()) return nullptr;
  const auto found = object->find(name);
  return found == object->end() ? nullptr : &*found;
}

// JSON with its control characters escaped, cut between characters.
std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= most_shown) return text;
  std::size_t end = most_shown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return out;
}

struct Type {
  const char* name;
  const char* word;
  bool (*is)(const Json&);
};
constexpr Type types[] = {
    {"string", "a text", [](const Json& v) { return v.is_string(); }},
    {"integer", "a whole number",
     [](const Json& v) { return v.is_number_integer() || (v.is_number() && std::floor(v.get<double>()) == v); }},
    {"number", "a number", [](const Json& v) { return v.is_number(); }},
    {"boolean", "true or false", [](const Json& v) { return v.is_boolean(); }},
    {"array", "a list", [](const Json& v) { return v.is_array(); }},
    {"object", "an object", [](const Json& v) { return v.is_object(); }},
    {"null", "null", [](const Json& v) { return v.is_null(); }},
};

std::optional<std::string> wrong_type(const Json& type, const Json& value) {
  std::vector<std::string> words;
  for (const Json& wanted : type.is_array() ? type : Json::array({type}))
    for (const Type& known : types) {
      if (wanted != known.name) continue;
      if (known.is(value)) return std::nullopt;
      words.emplace_back(known.word);
    }
  return words.empty() ? std::nullopt : std::optional("must be " + listed(words));
}

std::optional<std::string> out_of_bounds(const Json& schema, const Json& value) {
  struct Bound {
    bool counts;  // of values of this kind
    const char *name, *words, *unit;
    double size;
    bool (*fits)(double size, double bound);
  };
  const auto at_least = [](double size, double bound) { return size >= bound; };
  const auto at_most = [](double size, double bound) { return size <= bound; };
  const double number = value.is_number() ? value.get<double>() : 0, items = static_cast<double>(value.size());
  const double length = !value.is_string() ? 0
                                           : static_cast<double>(std::ranges::count_if(  // characters, not bytes
                                                 value.get_ref<const std::string&>(), [](char c) {
                                                   return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
                                                 }));
  for (const Bound& bound :
       std::vector<Bound>{{value.is_number(), "minimum", "must be at least ", "", number, at_least},
                          {value.is_number(), "maximum", "must be at most ", "", number, at_most},
                          {value.is_number(), "exclusiveMinimum", "must be more than ", "", number,
                           [](double size, double limit) { return size > limit; }},
                          {value.is_number(), "exclusiveMaximum", "must be less than ", "", number,
                           [](double size, double limit) { return size < limit; }},
                          {value.is_string(), "minLength", "must have at least ", " characters", length, at_least},
                          {value.is_string(), "maxLength", "must have at most ", " characters", length, at_most},
                          {value.is_array(), "minItems", "must have at least ", " items", items, at_least},
                          {value.is_array(), "maxItems", "must have at most ", " items", items, at_most},
                          {value.is_object(), "minProperties", "must have at least ", " keys", items, at_least},
                          {value.is_object(), "maxProperties", "must have at most ", " keys", items, at_most}}) {
    const Json* limit = member(&schema, bound.name);
    if (bound.counts && limit != nullptr && limit->is_number() && !bound.fits(bound.size, limit->get<double>()))
      return bound.words + limit->dump() + bound.unit;
  }
  return std::nullopt;
}

// What the value must be and is not.
std::optional<std::string> unmet(const Json& schema, const Json& value) {
  if (const Json* type = member(&schema, "type"); type != nullptr)
    if (auto words = wrong_type(*type, value)) return words;
  if (const Json* choices = member(&schema, "enum");
      choices != nullptr && choices->is_array() && std::ranges::find(*choices, value) == choices->end()) {
    std::vector<std::string> words;
    for (const Json& choice : *choices) words.push_back(shown(choice));
    return "must be " + listed(words);
  }
  if (const Json* only = member(&schema, "const"); only != nullptr && *only != value) return "must be " + shown(*only);
  return out_of_bounds(schema, value);
}

// A key that is missing, or one too many; "it ..." or nothing.
std::optional<std::string> wrong_keys(const Json& schema, const Json& value) {
  if (!value.is_object()) return std::nullopt;
  if (const Json* required = member(&schema, "required"); required != nullptr && required->is_array())
    for (const Json& name : *required)
      if (name.is_string() && !value.contains(name.get<std::string>()))
        return "the key " + shown(name) + " is missing; it must be given";
  const Json* others = member(&schema, "additionalProperties");
  if (others == nullptr || *others != false || member(&schema, "patternProperties") != nullptr) return std::nullopt;
  std::vector<std::string> known;
  if (const Json* properties = member(&schema, "properties"); properties != nullptr && properties->is_object())
    for (const auto& [name, unused] : properties->items()) known.push_back(shown(Json(name)));
  for (const auto& [name, unused] : value.items())
    if (std::ranges::find(known, shown(Json(name))) == known.end())
      return "the key " + shown(Json(name)) + " is unknown; " +
             (known.empty() ? "the policy takes none" : "the policy takes " + listed(known));
  return std::nullopt;
}

const Json* referred(const Json& root, const Json* schema) {
  const Json* reference = member(schema, "$ref");
  if (reference == nullptr || !reference->is_string()) return schema;
  const auto& text = reference->get_ref<const std::string&>();
  return text.starts_with("#/") && root.contains(Json::json_pointer(text.substr(1)))
             ? &root[Json::json_pointer(text.substr(1))]
             : schema;
}

}  // namespace

std::string parameter_sentence(const Json& root, const Json& parameters, const std::vector<std::string>& path,
                               const std::string& description) {
  const Json *schema = referred(root, &root), *value = &parameters;
  std::string where;
  for (const std::string& key : path) {
    const bool place = value->is_array() && !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
    const std::size_t index = place ? std::stoul(key.substr(0, 9)) : 0;
    const Json* next = place && index < value->size() ? &(*value)[index] : member(value, key);
    if (next == nullptr) break;
    value = next;
    where += place ? "[" + key + "]" : (where.empty() ? "" : ".") + key;
    const Json* below = member(schema, place ? "items" : "properties");
    if (!place) below = member(below, key) != nullptr ? member(below, key) : member(schema, "additionalProperties");
    schema = schema != nullptr && below != nullptr && below->is_object() ? referred(root, below) : nullptr;
  }
  if (!where.empty()) where += ": ";
  // Its rules stand under patternProperties, allOf and the like.
  if (schema == nullptr) return where + "it is " + shown(*value) + "; " + description;
  if (const auto keys = wrong_keys(*schema, *value)) return where + *keys;
  where += "it is " + shown(*value) + "; it ";
  if (const auto must = unmet(*schema, *value)) return where + *must;
  if (const Json* pattern = member(schema, "pattern"); pattern != nullptr && value->is_string())
    return where + "must match the pattern " + shown(*pattern);
  return where + "must fit " + shown(*schema);
}

}  // namespace headwind::python
