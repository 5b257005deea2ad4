// SPDX-License-Identifier: Apache-2.0
// The parts of the OpenAPI document, in its order. Each is the text of some members; commas stand between them.
#pragma once
#include <string_view>

namespace headwind::api {

extern const std::string_view kOpenapiPaths;
extern const std::string_view kOpenapiPluginPaths;
extern const std::string_view kOpenapiLoglevelPaths;
extern const std::string_view kOpenapiWorkloadPaths;
extern const std::string_view kOpenapiNotificationPaths;
extern const std::string_view kOpenapiComponents;
extern const std::string_view kOpenapiSchemas;

}  // namespace headwind::api
