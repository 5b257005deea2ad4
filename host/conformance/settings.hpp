// SPDX-License-Identifier: Apache-2.0
// Settings that a plugin is checked with.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace headwind::conformance {

// `given` where it is not empty, else what the schema requires, made up; defaults filled in. The error says that they
// must be given.
Result<std::string> settings_for(std::string_view schema, std::string_view given);

struct WrongSettings {
  std::string what;   // "channel is a list"
  std::string value;  // the object, JSON
};
// For each property that the schema names: `settings` with a value of another type there. None may be right.
std::vector<WrongSettings> wrong_settings(std::string_view schema, std::string_view settings);

// Whether the schema takes a key that it does not name.
bool takes_any_key(std::string_view schema, std::string_view settings);

}  // namespace headwind::conformance
