// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace headwind::api {

// The OpenAPI 3.1 document of port 8081, as JSON.
std::string_view openapi_document();

}  // namespace headwind::api
