// SPDX-License-Identifier: Apache-2.0
// A shared object that is mapped into this process, for as long as the process lives.
#pragma once
#include <headwind/headwind.h>

#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/result.hpp"

namespace headwind::plugin {

// Opens the file, calls its entry and validates the descriptor. Runs the file's constructors: only for files that
// passed `inspect`, and in the host only for those that a probing child has survived.
// The error is one sentence that starts with the file's name.
// `minor` is that of the host. `enters` hears which part of the file runs next: where it ends the process, the last one
// is to blame.
enum class LoadStage : std::uint8_t { loading, entry, description };
Result<const hw_module*> open_module(const std::filesystem::path& file,
                                     const std::function<void(LoadStage)>& enters = {},
                                     std::uint32_t minor = HW_ABI_MINOR);

}  // namespace headwind::plugin
