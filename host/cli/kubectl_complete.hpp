// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace headwind::cli {

// What kubectl asks of kubectl_complete-headwind: `words` are those behind "kubectl headwind", the last one not
// finished. Prints what it may become, one a line, and a directive in the way of Cobra. Names are asked of the cluster
// under the user's own name, with little patience; where it does not answer there are none.
int complete_kubectl(std::vector<std::string> words);

}  // namespace headwind::cli
