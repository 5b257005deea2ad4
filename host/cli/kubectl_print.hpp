// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace headwind::cli {

// As -o says: "json" and "yaml" print the document; false for everything else.
bool print_document(const nlohmann::ordered_json& document, const std::string& output);
// Block style, as kubectl has it; ends with a line feed.
std::string yaml_of(const nlohmann::ordered_json& document);

// The text at a pointer such as "/spec/newImage"; empty where there is none.
std::string text_at(const nlohmann::ordered_json& document, const std::string& pointer);
// "5m", "3h", "12d" since an RFC 3339 time, as kubectl writes ages.
std::string age_of(const std::string& moment);

}  // namespace headwind::cli
