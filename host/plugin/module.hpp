// SPDX-License-Identifier: Apache-2.0
// A shared object that is mapped into this process, for as long as the process lives.
#pragma once
#include <headwind/headwind.h>

#include <filesystem>

#include "core/result.hpp"

namespace headwind::plugin {

// Opens the file, calls its entry and validates the descriptor. Runs the file's constructors: only for files that
// passed `inspect`, and in the host only for those that a probing child has survived.
// The error is one sentence that starts with the file's name.
Result<const hw_module*> open_module(const std::filesystem::path& file);

}  // namespace headwind::plugin
