// SPDX-License-Identifier: Apache-2.0
// Parameters of a policy against the JSON Schema (draft 7) that it declares.
#include <pybind11/pybind11.h>

#define VALIJSON_USE_EXCEPTIONS 1  // else it ends the program when a schema is wrong

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "parameter_sentence.hpp"
#include "parts.hpp"

namespace py = pybind11;

namespace headwind::python {
namespace {

using Json = nlohmann::json;

// The library lists one mistake once per level; the deepest names the key.
std::string sentence_of(const Json& schema, const Json& parameters, const valijson::ValidationResults& results) {
  const valijson::ValidationResults::Error* deepest = nullptr;
  for (const auto& error : results)
    if (deepest == nullptr || error.context.size() > deepest->context.size()) deepest = &error;
  if (deepest == nullptr) return "it does not fit the schema of the policy";
  std::vector<std::string> path;
  for (const std::string& step : deepest->context)
    if (step.size() >= 2 && step.front() == '[') path.push_back(step.substr(1, step.size() - 2));  // not "<root>"
  return parameter_sentence(schema, parameters, path, deepest->description);
}

// The parameters with the defaults of the schema's own properties, as JSON. Raises ValueError with one sentence.
std::string check_parameters(const std::string& schema_text, const std::string& text) {
  const Json json = Json::parse(schema_text, nullptr, false);
  if (!json.is_object()) throw py::value_error("the schema is not a JSON object");
  Json parameters = text.empty() ? Json::object() : Json::parse(text, nullptr, false);
  if (parameters.is_discarded()) throw py::value_error("it is not JSON");
  if (!parameters.is_object()) throw py::value_error("it is not a JSON object");
  try {
    if (const auto properties = json.find("properties"); properties != json.end() && properties->is_object())
      for (const auto& [name, property] : properties->items())
        if (property.is_object() && property.contains("default") && !parameters.contains(name))
          parameters[name] = property["default"];
    valijson::Schema schema;
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(json), schema);
    valijson::Validator validator;
    valijson::ValidationResults results;
    if (!validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(parameters), &results))
      throw py::value_error(sentence_of(json, parameters, results));
    return parameters.dump(-1, ' ', false, Json::error_handler_t::replace);
  } catch (const py::value_error&) {
    throw;
  } catch (const std::exception& refused) {
    throw py::value_error(std::string("the schema is not a JSON Schema of draft 7: ") + refused.what());
  }
}

}  // namespace

void add_schema(py::module_& module) {
  module.def("check_parameters", &check_parameters, py::arg("schema"), py::arg("parameters"));
}

}  // namespace headwind::python
