// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/rule_settings.hpp"

#include <array>
#include <headwind/sdk.hpp>

namespace headwind::workloads::generic {
namespace {

using nlohmann::json;

constexpr std::array tests{"equals", "equalsPath", "in", "exists", "atLeast"};

std::string scalar_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? number_text(value.get<double>()) : value.dump();
}

ConditionTest read_condition(const json& object, const std::string& where) {
  for (const char* key : tests)
    if (object.contains(key)) refuse(where + "." + key, "is for a path: a condition has status and reason");
  ConditionTest out{text_at(object, "condition"), "True", {}};
  if (object.contains("status")) out.status = text_at(object, "status");
  if (object.contains("reason")) out.reasons = object["reason"].get<std::vector<std::string>>();
  return out;
}

void read_at_least(const json& object, const std::string& where, ValueTest& out) {
  out.kind = ValueTest::Kind::at_least;
  if (object["atLeast"].is_number())
    out.least = object["atLeast"].get<double>();
  else
    out.other = single_path_at(object, "atLeast", where);
}

ValueTest read_value_test(const json& object, const std::string& where) {
  for (const char* key : {"status", "reason"})
    if (object.contains(key)) refuse(where + "." + key, "is for a condition: a path has equals, in, exists or atLeast");
  int given = 0;
  for (const char* key : tests) given += object.contains(key) ? 1 : 0;
  if (given != 1) refuse(where, "needs exactly one of equals, equalsPath, in, exists and atLeast beside path");
  ValueTest out;
  out.path = single_path_at(object, "path", where);
  if (object.contains("equals")) out.values = {scalar_of(object["equals"])};
  if (object.contains("equalsPath")) out.other = single_path_at(object, "equalsPath", where);
  if (object.contains("exists"))
    out.kind = object["exists"].get<bool>() ? ValueTest::Kind::exists : ValueTest::Kind::absent;
  if (object.contains("atLeast")) read_at_least(object, where, out);
  if (!object.contains("in")) return out;
  out.kind = ValueTest::Kind::in;
  for (const json& value : object["in"]) out.values.push_back(scalar_of(value));
  return out;
}

}  // namespace

void refuse(const std::string& field, const std::string& why) {
  throw hw::error(hw::code::invalid, "settings." + field + ": " + why);
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

JsonPath path_at(const json& object, const char* key, const std::string& where) {
  JsonPath out;
  std::string error;
  if (!parse_json_path(text_at(object, key), out, error)) refuse(where + "." + key, error);
  return out;
}

JsonPath single_path_at(const json& object, const char* key, const std::string& where) {
  JsonPath out = path_at(object, key, where);
  if (out.wildcards() > 0) refuse(where + "." + key, "leads to one value: put an index in the place of [*]");
  return out;
}

Rule read_rule(const json& object, const std::string& where) {
  if (object.contains("path") == object.contains("condition"))
    refuse(where, "needs either path or condition: what it looks at");
  Rule out;
  if (object.contains("condition"))
    out.test = read_condition(object, where);
  else
    out.test = read_value_test(object, where);
  if (text_at(object, "message").starts_with('$'))
    out.message = single_path_at(object, "message", where);
  else
    out.text = text_at(object, "message");
  return out;
}

}  // namespace headwind::workloads::generic
