// SPDX-License-Identifier: Apache-2.0
#include "fake/admission.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "fake/schema.hpp"
#include "fake/update_request.hpp"
#include "fake/workload.hpp"

namespace headwind::fake {
namespace {

// RFC 1123: lower-case letters, digits, '-' and '.', each part starting and ending with a letter or digit.
bool is_subdomain(std::string_view name) {
  if (name.size() > 253) return false;
  for (const std::string_view part : split(name, '.')) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (part.empty() || part.front() == '-' || part.back() == '-') return false;
    if (!std::all_of(part.begin(), part.end(), allowed)) return false;
  }
  return true;
}

std::vector<Cause> validate_metadata(const Json& object) {
  std::vector<Cause> causes;
  if (const std::string name = text_at(object, {"metadata", "name"}); !is_subdomain(name)) {
    causes.push_back(
        {"FieldValueInvalid", "metadata.name",
         "Invalid value: \"" + name +
             "\": a lowercase RFC 1123 subdomain must consist of lower case "
             "alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"});
  }
  for (const char* map : {"labels", "annotations"}) {
    const Json* found = find_at(object, {"metadata", map});
    if (found == nullptr || found->is_null()) continue;
    std::size_t size = 0;
    bool text_only = found->is_object();
    for (const auto& [key, value] : found->items()) {
      text_only = text_only && value.is_string();
      size += key.size() + (value.is_string() ? value.get_ref<const std::string&>().size() : 0);
      if (std::string_view(map) == "labels" && value.is_string() && value.get_ref<const std::string&>().size() > 63) {
        causes.push_back({"FieldValueInvalid", "metadata.labels",
                          "Invalid value: " + value.dump() + ": must be no more than 63 bytes"});
      }
    }
    const std::string field = std::string("metadata.") + map;
    if (!text_only) {
      causes.push_back({"FieldValueInvalid", field, "Invalid value: " + found->dump() + ": values must be strings"});
    }
    constexpr std::size_t kMaxAnnotations = 256U << 10U;
    if (std::string_view(map) == "annotations" && size > kMaxAnnotations) {
      causes.push_back({"FieldValueTooLong", field, "Too long: may not be more than 262144 bytes"});
    }
  }
  return causes;
}

void encode_string_data(Json& secret) {
  if (const auto plain = secret.find("stringData"); plain != secret.end() && plain->is_object()) {
    Json& data = object_at(secret, "data");
    for (const auto& [key, value] : plain->items()) {
      if (value.is_string()) data[key] = base64_encode(value.get_ref<const std::string&>());
    }
  }
  secret.erase("stringData");
  if (!secret.contains("type")) secret["type"] = "Opaque";
}

std::vector<Cause> validate_custom(const Json& object, const Json* old) {
  std::vector<Cause> causes = validate(update_request_schema(), object);
  // A wrong pattern does not keep upstream from evaluating the rules; a wrong type, a missing field and others do.
  const bool blocked =
      std::any_of(causes.begin(), causes.end(), [](const Cause& cause) { return cause.reason != "FieldValueInvalid"; });
  if (blocked) {
    causes.push_back({"FieldValueInvalid", "<nil>",
                      "Invalid value: null: some validation rules were not checked because the object was invalid; "
                      "correct the existing errors to complete validation"});
    return causes;
  }
  for (Cause& cause : check_update_request_rules(object, old)) causes.push_back(std::move(cause));
  return causes;
}

}  // namespace

Outcome<Admitted> admit(const ResourceType& type, Json object, const Json* old, bool strict) {
  std::vector<std::string> warnings;
  const std::string name = text_at(object, {"metadata", "name"});
  if (type.custom) {
    for (const std::string& path : prune(update_request_schema(), object)) {
      warnings.push_back("unknown field \"" + path + "\"");
    }
    if (strict && !warnings.empty()) {
      std::string list;
      for (const std::string& warning : warnings) list += (list.empty() ? "" : ", ") + warning;
      const std::string kind(type.kind);
      return failure(400, kind + " in version \"" + std::string(type.version) + "\" cannot be handled as a " + kind +
                              ": strict decoding error: " + list);
    }
    apply_defaults(update_request_schema(), object);
  } else if (is_workload(type)) {
    default_workload(type, object);
  } else if (type.plural == "secrets") {
    encode_string_data(object);
  } else if (type.plural == "namespaces") {
    object_at(object_at(object, "metadata"), "labels")["kubernetes.io/metadata.name"] = name;
    if (!object.contains("spec")) object["spec"] = {{"finalizers", {"kubernetes"}}};
    if (!object.contains("status")) object["status"] = {{"phase", "Active"}};
  }
  std::vector<Cause> causes = validate_metadata(object);
  if (causes.empty() && type.custom) causes = validate_custom(object, old);
  if (is_workload(type)) {
    for (Cause& cause : validate_workload(object, old)) causes.push_back(std::move(cause));
  }
  if (!causes.empty()) return invalid(type, name, causes);
  return Admitted{std::move(object), std::move(warnings)};
}

}  // namespace headwind::fake
