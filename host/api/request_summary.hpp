// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "update/request.hpp"

namespace headwind::api {

// The top-level keys that the kubectl script of 0.1.x reads, and their values.
std::array<std::pair<std::string_view, std::string_view>, 6> summary_of(const update::UpdateRequest& request);

// The summary and what else a list on a screen shows, as a JSON object.
std::string summary_json(const update::UpdateRequest& request);

}  // namespace headwind::api
