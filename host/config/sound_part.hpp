// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "config/config.hpp"

namespace headwind::config {

// What can be read of the file and the environment, whatever is wrong with the rest: for who wants to tell all mistakes
// at once, and has told those of load() already. Nothing may be started with it.
Config sound_part(const std::string& file, const TextMap& environment);

}  // namespace headwind::config
