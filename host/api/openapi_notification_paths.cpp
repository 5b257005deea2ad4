// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The path of notifications, which ends the object `paths`.
const std::string_view kOpenapiNotificationPaths = R"json(  "/api/v1/notifications": {
   "get": {
    "operationId": "listNotifications",
    "summary": "How each notifier stands, and what it was not told.",
    "description": "Numbers and dead letters are of this process: a restart forgets them. Needs list in all namespaces.",
    "tags": ["notifications"],
    "parameters": [
     {
      "name": "notifier",
      "in": "query",
      "description": "Only this instance.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     },
     {
      "name": "limit",
      "in": "query",
      "description": "So many dead letters of each notifier, the newest; no more than 100 are kept.",
      "schema": {"type": "integer", "minimum": 0, "maximum": 1000, "default": 100}
     }
    ],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The notifiers, by name.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "required": ["notifiers"],
         "properties": {"notifiers": {"type": "array", "items": {"$ref": "#/components/schemas/Notifier"}}}
        }
       }
      }
     },
     "400": {"$ref": "#/components/responses/BadQuery"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoNotifier"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  }
 })json";

}  // namespace headwind::api
