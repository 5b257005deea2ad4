// SPDX-License-Identifier: Apache-2.0
#include "plugin/abi_version.hpp"

#include "headwind/base.h"

namespace headwind::plugin {

std::string abi_version() { return std::to_string(HW_ABI_MAJOR) + "." + std::to_string(HW_ABI_MINOR); }

}  // namespace headwind::plugin
