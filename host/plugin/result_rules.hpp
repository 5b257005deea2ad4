// SPDX-License-Identifier: Apache-2.0
// What the results must be that registry and workload plugins put; for the host, and for the check of plugins. Images:
// image_rules.hpp. A problem is what was put, such as "a push whose tag is not one"; empty where nothing is wrong.
#pragma once
#include <headwind/headwind.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace headwind::plugin {

bool is_digest(hw_str text);

// Of one page, after `before` tags of earlier ones. Their length together is for the caller to bound.
std::string tags_problem(const hw_tags& page, std::size_t before);
std::size_t bytes_of(const hw_tags& page);  // of the names
std::string_view push_problem(const hw_push& push);
std::string_view target_problem(const hw_target& target);

}  // namespace headwind::plugin
