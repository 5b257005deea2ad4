// SPDX-License-Identifier: Apache-2.0
// What objects say of each other and of themselves, whatever their kind.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace headwind::app {

// Whether `uid` is among the object's ownerReferences.
bool is_owned_by(const nlohmann::json& object, const std::string& uid);

// The text at that place; empty where there is none.
std::string text_at(const nlohmann::json& object, const char* pointer);

}  // namespace headwind::app
