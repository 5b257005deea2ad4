// SPDX-License-Identifier: Apache-2.0
// The walk over a module's descriptor: the same code in the probing child and, afterwards, in the host.
#pragma once
#include <headwind/headwind.h>

#include <cstdint>
#include <string>

#include "core/result.hpp"

namespace headwind::plugin {

// Everything that the host relies on. The error is a predicate, to follow the file's name: "has two plugins ...".
// `minor` is that of the host.
Result<> validate(const hw_module* module, std::uint32_t minor = HW_ABI_MINOR);

}  // namespace headwind::plugin
