// SPDX-License-Identifier: Apache-2.0
#include "fake/schema.hpp"

#include <algorithm>
#include <regex>

#include "core/clock.hpp"

namespace headwind::fake {
namespace {

std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

void prune_into(const Json& schema, Json& value, const std::string& path, std::vector<std::string>& unknown) {
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t at = 0; at < value.size(); ++at) {
      prune_into(schema["items"], value[at], path + "[" + std::to_string(at) + "]", unknown);
    }
  }
  const Json* properties = find_at(schema, {"properties"});
  if (!value.is_object() || properties == nullptr) return;
  for (auto member = value.begin(); member != value.end();) {
    const auto known = properties->find(member.key());
    if (known == properties->end()) {
      unknown.push_back(join(path, member.key()));
      member = value.erase(member);
    } else {
      prune_into(*known, *member, join(path, member.key()), unknown);
      ++member;
    }
  }
}

std::string_view json_type(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "number";
  if (value.is_array()) return "array";
  return value.is_null() ? "null" : "object";
}

void check_text(const Json& schema, const std::string& text, const std::string& path, std::vector<Cause>& causes) {
  constexpr std::size_t kMaxMatched = 4096;  // std::regex recurses
  const std::string shown = "Invalid value: \"" + text + "\": " + path + " in body should ";
  const Json* longest = find_at(schema, {"maxLength"});
  if (longest != nullptr && text.size() > longest->get<std::size_t>()) {
    const std::string limit = std::to_string(longest->get<std::size_t>());
    causes.push_back({"FieldValueTooLong", path, "Too long: may not be more than " + limit + " bytes"});
  }
  const std::string pattern = text_at(schema, {"pattern"});
  if (!pattern.empty() && (text.size() > kMaxMatched || !std::regex_search(text, std::regex(pattern)))) {
    causes.push_back({"FieldValueInvalid", path, shown + "match '" + pattern + "'"});
  }
  if (text_at(schema, {"format"}) == "date-time" && !parse_rfc3339(text)) {
    causes.push_back(
        {"FieldValueTypeInvalid", path,
         "Invalid value: \"" + text + "\": " + path + " in body must be of type date-time: \"" + text + "\""});
  }
}

void check_number(const Json& schema, double value, const std::string& path, std::vector<Cause>& causes) {
  const Json* least = find_at(schema, {"minimum"});
  const Json* most = find_at(schema, {"maximum"});
  const std::string should = "Invalid value: " + Json(value).dump() + ": " + path + " in body should be ";
  if (least != nullptr && value < least->get<double>())
    causes.push_back({"FieldValueInvalid", path, should + "greater than or equal to " + least->dump()});
  if (most != nullptr && value > most->get<double>())
    causes.push_back({"FieldValueInvalid", path, should + "less than or equal to " + most->dump()});
}

void check_size(const Json& schema, const Json& value, const std::string& path, std::vector<Cause>& causes) {
  const Json* least = find_at(schema, {"minLength"});
  if (value.is_string() && least != nullptr && value.get_ref<const std::string&>().size() < least->get<std::size_t>())
    causes.push_back({"FieldValueInvalid", path,
                      "Invalid value: \"\": " + path + " in body should be at least " + least->dump() + " chars long"});
  const Json* most = find_at(schema, {"maxItems"});
  if (value.is_array() && most != nullptr && value.size() > most->get<std::size_t>())
    causes.push_back({"FieldValueTooMany", path,
                      "Too many: " + std::to_string(value.size()) + ": must have at most " + most->dump() + " items"});
}

void validate_into(const Json& schema, const Json& value, const std::string& path, std::vector<Cause>& causes) {
  const std::string type = text_at(schema, {"type"});
  const std::string_view found = json_type(value);
  if (type != found && !(type == "number" && found == "integer")) {
    const std::string quoted = "\"" + std::string(found) + "\"";
    causes.push_back({"FieldValueTypeInvalid", path,
                      "Invalid value: " + quoted + ": " + path + " in body must be of type " + type + ": " + quoted});
    return;
  }
  if (const Json* allowed = find_at(schema, {"enum"}); allowed != nullptr) {
    if (std::find(allowed->begin(), allowed->end(), value) == allowed->end()) {
      std::string list;
      for (const Json& one : *allowed) list += (list.empty() ? "" : ", ") + one.dump();
      causes.push_back(
          {"FieldValueNotSupported", path, "Unsupported value: " + value.dump() + ": supported values: " + list});
    }
  }
  if (value.is_string()) check_text(schema, value.get_ref<const std::string&>(), path, causes);
  if (value.is_number()) check_number(schema, value.get<double>(), path, causes);
  check_size(schema, value, path, causes);
  if (value.is_array() && schema.contains("items")) {
    for (std::size_t at = 0; at < value.size(); ++at) {
      validate_into(schema["items"], value[at], path + "[" + std::to_string(at) + "]", causes);
    }
  }
  if (!value.is_object()) return;
  if (const Json* properties = find_at(schema, {"properties"}); properties != nullptr) {
    for (const auto& [name, member] : value.items()) {
      const auto known = properties->find(name);
      if (known != properties->end()) validate_into(*known, member, join(path, name), causes);
    }
  }
  if (const Json* required = find_at(schema, {"required"}); required != nullptr) {
    for (const Json& name : *required) {
      if (!value.contains(name.get<std::string>())) {
        causes.push_back({"FieldValueRequired", join(path, name.get<std::string>()), "Required value"});
      }
    }
  }
}

}  // namespace

std::vector<std::string> prune(const Json& schema, Json& value) {
  std::vector<std::string> unknown;
  prune_into(schema, value, {}, unknown);
  std::sort(unknown.begin(), unknown.end());
  return unknown;
}

void apply_defaults(const Json& schema, Json& value) {
  if (value.is_array() && schema.contains("items")) {
    for (Json& item : value) apply_defaults(schema["items"], item);
  }
  const Json* properties = find_at(schema, {"properties"});
  if (!value.is_object() || properties == nullptr) return;
  for (const auto& [name, property] : properties->items()) {
    const Json* fallback = find_at(property, {"default"});
    if (value.contains(name) && value[name].is_null()) value.erase(name);
    if (fallback != nullptr && !value.contains(name)) value[name] = *fallback;
    if (value.contains(name)) apply_defaults(property, value[name]);
  }
}

std::vector<Cause> validate(const Json& schema, const Json& value) {
  std::vector<Cause> causes;
  validate_into(schema, value, {}, causes);
  return causes;
}

}  // namespace headwind::fake
