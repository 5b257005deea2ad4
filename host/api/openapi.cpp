// SPDX-License-Identifier: Apache-2.0
// tests/api compares this document with the routes and has schemathesis call every one of them.
#include "api/openapi.hpp"

#include <string>

#include "api/openapi_parts.hpp"

namespace headwind::api {

std::string_view openapi_document() {
  static const std::string document = [] {
    std::string text = "{";
    for (const std::string_view part :
         {kOpenapiPaths, kOpenapiPluginPaths, kOpenapiLoglevelPaths, kOpenapiWorkloadPaths, kOpenapiNotificationPaths,
          kOpenapiComponents, kOpenapiSchemas})
      text.append(text.size() > 1 ? ",\n" : "").append(part);
    return text + "}\n";
  }();
  return document;
}

}  // namespace headwind::api
