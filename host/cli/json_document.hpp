// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json.hpp>

namespace headwind::cli {

// JSON as a result of a call: a bare one converts to and from everything, which Result cannot tell apart.
struct JsonDocument {
  nlohmann::ordered_json json;
};

}  // namespace headwind::cli
