// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace headwind::plugin {

// "1.0": the interface that this host speaks. It takes plugins of the same major, and of this minor or an older one.
std::string abi_version();

}  // namespace headwind::plugin
