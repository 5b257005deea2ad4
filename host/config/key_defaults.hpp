// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace headwind::config {

// What counts where nobody says otherwise, as it would be written at that path of the file. Empty: nothing does, or a
// structure. A test applies each and looks whether anything has changed.
std::string_view default_of(std::string_view path);

}  // namespace headwind::config
