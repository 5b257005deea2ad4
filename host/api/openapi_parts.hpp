// SPDX-License-Identifier: Apache-2.0
// The two halves of the OpenAPI document, each the text of some members of its outermost object.
#pragma once
#include <string_view>

namespace headwind::api {

extern const std::string_view kOpenapiPaths;
extern const std::string_view kOpenapiComponents;

}  // namespace headwind::api
