// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The path of the log's filter, in the midst of the object `paths`.
const std::string_view kOpenapiLoglevelPaths = R"json(  "/api/v1/loglevel": {
   "get": {
    "operationId": "showLoglevel",
    "summary": "The filter of the log.",
    "description": "Needs list on updaterequests in all namespaces.",
    "tags": ["service"],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {"$ref": "#/components/responses/LogFilter"},
     "400": {"$ref": "#/components/responses/BadPath"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   },
   "put": {
    "operationId": "changeLoglevel",
    "summary": "Another filter, for a while or until it is taken back.",
    "description": "Needs change on loglevels.headwind.sh (ClusterRole headwind-admin). Is audited.",
    "tags": ["service"],
    "security": [{"kubernetesToken": []}, {}],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "required": ["filter"],
        "additionalProperties": false,
        "properties": {
         "filter": {
          "type": "string",
          "pattern": "^((api|app|config|kube|net|plugin|telemetry|update|headwind)=)?(trace|debug|info|warn|error|off)(,((api|app|config|kube|net|plugin|telemetry|update|headwind)=)?(trace|debug|info|warn|error|off)){0,31}$",
          "description": "trace, debug, info, warn, error or off, alone or as room=level, separated by commas.",
          "examples": ["update=debug,info"]
         },
         "duration": {
          "type": ["string", "null"],
          "pattern": "^([1-9][0-9]{0,3}s|[1-9][0-9]{0,2}m|([1-9]|1[0-9]|2[0-4])h)$",
          "description": "Seconds to 9999s, minutes to 999m, hours to 24h; then the configured filter counts again.",
          "examples": ["15m"]
         }
        }
       }
      }
     }
    },
    "responses": {
     "200": {"$ref": "#/components/responses/LogFilter"},
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   },
   "delete": {
    "operationId": "takeLoglevelBack",
    "summary": "The configured filter counts again.",
    "description": "Needs change on loglevels.headwind.sh (ClusterRole headwind-admin). Is audited.",
    "tags": ["service"],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {"$ref": "#/components/responses/LogFilter"},
     "400": {"$ref": "#/components/responses/BadPath"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  })json";

}  // namespace headwind::api
