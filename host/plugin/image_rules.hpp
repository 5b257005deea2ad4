// SPDX-License-Identifier: Apache-2.0
// What an image must be that a workload plugin puts; for the host, and for the check of plugins.
#pragma once
#include <headwind/headwind.h>

#include <cstddef>
#include <string_view>

namespace headwind::plugin {

inline constexpr std::size_t kMaxImages = 1000;  // of one object

// "an image whose slot is not a name", or empty where nothing is wrong.
std::string_view image_problem(const hw_image& image);

}  // namespace headwind::plugin
