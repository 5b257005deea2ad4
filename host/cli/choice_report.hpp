// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "plugin/types.hpp"

namespace headwind::cli {

struct Asked {  // of a policy
  std::string current, policy;
};

// What a policy says of each tag, and its choice last; or one JSON document.
void print_choice(const Asked& asked, const std::vector<std::string>& tags, const plugin::Choice& choice, bool json);

}  // namespace headwind::cli
