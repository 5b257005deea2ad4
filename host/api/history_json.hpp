// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "update/history.hpp"

namespace headwind::api {

// An array of what ran, as given. What is not known of an entry is left out.
std::string history_json(const std::vector<update::HistoryEntry>& entries);

}  // namespace headwind::api
