// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/text.hpp"

namespace headwind::api {

// The parameters of a call, which the router reads before any handler. Code::invalid, with a sentence, where they
// cannot be read or where one is not of `known`.
Result<TextMap> read_query(std::string_view query, const std::vector<std::string_view>& known);

}  // namespace headwind::api
