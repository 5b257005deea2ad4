// SPDX-License-Identifier: Apache-2.0
// What is wrong with a setting, in words for the person who wrote it.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace headwind::plugin {

// "settings.port is a text of 5 bytes; it must be a whole number". `path`: the keys and indexes down to the value that
// a validator refused. What the value is is told, a text of it never: it may be a secret in the wrong place. Empty
// where none of the rules below it says why: the validator knows others.
std::string settings_sentence(const nlohmann::json& schema, const nlohmann::json& settings,
                              const std::vector<std::string>& path);

// "settings.peers[0].port"
std::string settings_path(const std::vector<std::string>& path);

// The schema that a "$ref" within `root` leads to, else itself.
const nlohmann::json& follow_reference(const nlohmann::json& root, const nlohmann::json& schema);

}  // namespace headwind::plugin
