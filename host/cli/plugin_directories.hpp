// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <vector>

#include "config/config.hpp"

namespace headwind::cli {

// The file that runs now.
std::filesystem::path this_executable();

// The configured directories; where none is, the first that exists of: plugins/ beside the executable, plugins/ beside
// its directory (a build tree), and the installed one (lib/headwind/plugins of its prefix).
std::vector<std::filesystem::path> plugin_directories(const config::Config& config);

}  // namespace headwind::cli
