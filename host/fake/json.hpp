// SPDX-License-Identifier: Apache-2.0
// JSON trees as the fakes keep them, and the few ways in which they look inside.
#pragma once
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace headwind::fake {

using Json = nlohmann::json;

// False where the text is not JSON, or is nested deeper than any object of Kubernetes.
bool parse_json(std::string_view text, Json& out);
// The member at the end of `path`, or null where a step of it is missing or not an object.
const Json* find_at(const Json& object, std::initializer_list<std::string_view> path);
// The same for text: empty where it is missing or not a string.
std::string text_at(const Json& object, std::initializer_list<std::string_view> path);
// `object[name]`, made an object where it is not one.
Json& object_at(Json& object, const char* name);

}  // namespace headwind::fake
