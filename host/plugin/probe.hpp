// SPDX-License-Identifier: Apache-2.0
// Looking at files in child processes: what crashes, hangs or exits there does no harm here.
#pragma once
#include <chrono>
#include <filesystem>
#include <vector>

#include "core/result.hpp"

namespace headwind::plugin {

// Runs "<executable> plugin probe --json FILE...": first once for all files, as a process costs far more than a file.
// Unless each of them is well, again for each file alone, a few side by side, each for `limit` at most.
// One answer per file, in order: success, or why it must not be loaded, as a sentence that starts with its name.
std::vector<Result<>> probe_all(const std::filesystem::path& executable,
                                const std::vector<std::filesystem::path>& files, std::chrono::milliseconds limit);

}  // namespace headwind::plugin
