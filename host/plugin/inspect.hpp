// SPDX-License-Identifier: Apache-2.0
// What a file says about itself, read as bytes: nothing of it is mapped or run.
#pragma once
#include <filesystem>

#include "core/result.hpp"

namespace headwind::plugin {

// Succeeds where dlopen is worth trying: a whole shared object for this machine that exports hw_entry_v1.
// The error is one sentence that starts with the file's name.
Result<> inspect(const std::filesystem::path& file);

}  // namespace headwind::plugin
