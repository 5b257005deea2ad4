// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "update/history.hpp"

namespace headwind::update {

// The digest that `image` had when it came to the container, by its history; empty where nobody knows it, or the tag
// was moved between two of its times.
std::string former_digest(const std::vector<HistoryEntry>& history, std::string_view container, std::string_view image);

}  // namespace headwind::update
