// SPDX-License-Identifier: Apache-2.0
// Rules and paths as they stand in the settings.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "workloads/generic/rule.hpp"

namespace headwind::workloads::generic {

// Throws hw::error(invalid): "settings.images[0].path: it must begin with $, ...".
[[noreturn]] void refuse(const std::string& field, const std::string& why);

// The member's text; empty where it is not there.
std::string text_at(const nlohmann::json& object, const char* key);

// The path of the member; refused where it is none.
JsonPath path_at(const nlohmann::json& object, const char* key, const std::string& where);
// One that leads to one value: without [*].
JsonPath single_path_at(const nlohmann::json& object, const char* key, const std::string& where);

Rule read_rule(const nlohmann::json& object, const std::string& where);

}  // namespace headwind::workloads::generic
