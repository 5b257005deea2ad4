// SPDX-License-Identifier: Apache-2.0
// Readers of single values about traces, for the file and the environment alike.
#pragma once
#include <string>
#include <string_view>

#include "config/values.hpp"

namespace headwind::config {

inline constexpr std::string_view traces_path = "/v1/traces";  // of a collector, where nothing else is said

Problem read_sampler(std::string_view value, std::string& out);
Problem read_ratio(std::string_view value, double& out);             // 0 to 1
Problem read_compression(std::string_view value, std::string& out);  // gzip or none

}  // namespace headwind::config
