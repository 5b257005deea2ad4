// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "registries/core/outcome.hpp"

namespace headwind::registries {

// The token in a file, without white space at its ends. The kubelet replaces it: read it each time. `what` names the
// setting or variable that named the path.
Outcome<std::string> read_token_file(const std::string& path, std::string_view what);

}  // namespace headwind::registries
