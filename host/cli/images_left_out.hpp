// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "plugin/types.hpp"

namespace headwind::cli {

// One sentence for each container of an object (of any list `containers` or `initContainers` in it) that a workload
// plugin put no image for, and for each image that it put and that nobody can read as a reference: which, and why.
std::vector<std::string> images_left_out(const nlohmann::ordered_json& object,
                                         const std::vector<plugin::Image>& images);

}  // namespace headwind::cli
