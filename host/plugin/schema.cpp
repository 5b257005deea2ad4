// SPDX-License-Identifier: Apache-2.0
#include "plugin/schema.hpp"

#define VALIJSON_USE_EXCEPTIONS 1  // else it ends the program when a schema is wrong

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "core/text.hpp"
#include "plugin/schema_sentence.hpp"

namespace headwind::plugin {
namespace {

using Json = nlohmann::json;
constexpr int kMaxDepth = 32;

Json parse_schema(std::string_view text) {
  if (text.empty()) return {{"type", "object"}, {"additionalProperties", false}};
  return Json::parse(text, nullptr, false);
}

// Throws what the library throws.
void compile(const Json& json, valijson::Schema& out) {
  valijson::SchemaParser(valijson::SchemaParser::kDraft7)
      .populateSchema(valijson::adapters::NlohmannJsonAdapter(json), out);
}

// Draft 7 says what a default is, but leaves filling it in to us.
void fill_defaults(const Json& root, const Json& unresolved, Json& value, int depth) {
  if (depth == kMaxDepth || !unresolved.is_object()) return;
  const Json& schema = follow_reference(root, unresolved);
  if (!schema.is_object()) return;
  if (const auto properties = schema.find("properties");
      value.is_object() && properties != schema.end() && properties->is_object()) {
    for (const auto& [name, property] : properties->items()) {
      if (!property.is_object()) continue;
      const Json& target = follow_reference(root, property);
      const auto fallback = target.is_object() ? target.find("default") : target.end();
      if (!value.contains(name) && target.is_object() && fallback != target.end()) value[name] = *fallback;
      if (value.contains(name)) fill_defaults(root, property, value[name], depth + 1);
    }
  }
  if (const auto items = schema.find("items"); value.is_array() && items != schema.end() && items->is_object()) {
    for (Json& element : value) fill_defaults(root, *items, element, depth + 1);
  }
}

// The library lists the same mistake once per level; the deepest one names the key.
std::string sentence(const Json& schema, const Json& settings, const valijson::ValidationResults& results) {
  const valijson::ValidationResults::Error* deepest = nullptr;
  for (const auto& error : results) {
    if (deepest == nullptr || error.context.size() > deepest->context.size()) deepest = &error;
  }
  if (deepest == nullptr) return "settings: they do not fit the plugin's schema";
  std::vector<std::string> path;
  for (const std::string& step : deepest->context)
    if (step.size() >= 2 && step.front() == '[') path.push_back(step.substr(1, step.size() - 2));  // not "<root>"
  if (std::string ours = settings_sentence(schema, settings, path); !ours.empty()) return ours;
  std::string what = printable(deepest->description, 512);
  while (what.ends_with('.')) what.pop_back();
  return settings_path(path) + ": it does not fit the plugin's schema: " + what;
}

}  // namespace

Result<> check_schema(std::string_view text) {
  const Json json = parse_schema(text);
  if (json.is_discarded()) return make_error(Code::invalid, "is not JSON");
  if (!json.is_object()) return make_error(Code::invalid, "is not a JSON object");
  try {
    valijson::Schema schema;
    compile(json, schema);
  } catch (const std::exception& refused) {
    return make_error(Code::invalid, "is not a JSON Schema of draft 7: " + printable(refused.what(), 512));
  }
  return {};
}

Result<std::string> prepare_settings(std::string_view schema_text, std::string_view settings_text) {
  const Json schema_json = parse_schema(schema_text);
  Json settings = settings_text.empty() ? Json::object() : Json::parse(settings_text, nullptr, false);
  if (settings.is_discarded()) return make_error(Code::invalid, "settings: they are not JSON");
  if (!settings.is_object()) return make_error(Code::invalid, "settings: they must be a JSON object");
  try {
    fill_defaults(schema_json, schema_json, settings, 0);
    valijson::Schema schema;
    compile(schema_json, schema);
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (!validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(settings), &results))
      return make_error(Code::invalid, sentence(schema_json, settings, results));
    return settings.dump(-1, ' ', false, Json::error_handler_t::replace);
  } catch (const std::exception& refused) {
    return make_error(Code::invalid, "settings: " + printable(refused.what(), 512));
  }
}

}  // namespace headwind::plugin
