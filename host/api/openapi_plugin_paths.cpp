// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The path of plugins, in the midst of the object `paths`.
const std::string_view kOpenapiPluginPaths = R"json(  "/api/v1/plugins": {
   "get": {
    "operationId": "listPlugins",
    "summary": "What was loaded and refused, and how each instance fares.",
    "tags": ["service"],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "Plugins and instances. No settings, no secrets.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "required": ["plugins", "instances"],
         "properties": {
          "plugins": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["file", "state"],
            "properties": {
             "file": {"type": "string"},
             "id": {"type": "string"},
             "version": {"type": "string"},
             "kind": {"type": "string"},
             "summary": {"type": "string"},
             "state": {"type": "string", "enum": ["loaded", "refused"]},
             "reason": {"type": "string", "description": "Why it was refused, or what is to be done."}
            }
           }
          },
          "instances": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["name", "plugin", "state", "calls", "inFlight", "errors", "since"],
            "properties": {
             "name": {"type": "string"},
             "plugin": {"type": "string", "description": "Its id."},
             "kind": {"type": "string", "description": "Absent where it was refused and its plugin is not known."},
             "state": {
              "type": "string",
              "enum": ["ready", "resting", "quarantined", "draining", "refused"],
              "description": "draining: replaced or removed, with calls under way. refused: it could not be created."
             },
             "reason": {"type": "string"},
             "calls": {"type": "integer", "minimum": 0, "description": "Since `since`."},
             "inFlight": {"type": "integer", "minimum": 0},
             "errors": {
              "type": "object",
              "description": "Calls that failed, by the status of headwind_plugin_calls_total.",
              "additionalProperties": {"type": "integer", "minimum": 1}
             },
             "lastError": {
              "type": "object",
              "required": ["message", "at"],
              "properties": {"message": {"type": "string"}, "at": {"type": "string", "format": "date-time"}}
             },
             "since": {"type": "string", "format": "date-time", "description": "When it was created, or first refused."}
            }
           }
          }
         }
        }
       }
      }
     },
     "400": {"$ref": "#/components/responses/BadPath"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  })json";

}  // namespace headwind::api
