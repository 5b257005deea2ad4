// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "core/result.hpp"

namespace headwind::cli {

// A whole file, or standard input where its name is "-"; at most 32 MiB. `what` it is: "the file of tags".
Result<std::string> read_input(const std::string& file, const std::string& what);

// One tag a line; a repeated one counts once.
Result<std::vector<std::string>> read_tags(const std::string& file);

}  // namespace headwind::cli
