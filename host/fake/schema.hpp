// SPDX-License-Identifier: Apache-2.0
// The part of structural schemas that custom resources are checked with.
#pragma once
#include <string>
#include <vector>

#include "fake/status.hpp"

namespace headwind::fake {

// Removes members that `schema` does not name and returns their paths, sorted ("spec.bogus").
std::vector<std::string> prune(const Json& schema, Json& value);
// Fills in what is missing; a null counts as missing and goes.
void apply_defaults(const Json& schema, Json& value);
// type, required, enum, pattern, maxLength, format date-time.
std::vector<Cause> validate(const Json& schema, const Json& value);

}  // namespace headwind::fake
