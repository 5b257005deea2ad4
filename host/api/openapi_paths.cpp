// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The members of the document before `paths`, and the paths of updates.
const std::string_view kOpenapiPaths = R"json( "openapi": "3.1.0",
 "info": {
  "title": "Headwind",
  "version": "v1",
  "description": "Waiting updates and remembered versions. Errors are problem documents (RFC 9457).",
  "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
 },
 "servers": [{"url": "/"}],
 "tags": [
  {"name": "updates", "description": "Updates that wait, and versions that are remembered."},
  {"name": "rollback", "description": "What ran before, and back to it."},
  {"name": "service", "description": "The service itself."},
  {"name": "notifications", "description": "Who was told of what happened."},
  {"name": "events", "description": "Changes as they happen."}
 ],
 "paths": {
  "/health": {
   "get": {
    "operationId": "health",
    "summary": "The process answers.",
    "tags": ["service"],
    "security": [],
    "responses": {"200": {"description": "OK", "content": {"text/plain": {"schema": {"const": "OK"}}}}}
   }
  },
  "/openapi.json": {
   "get": {
    "operationId": "openapi",
    "summary": "This document.",
    "tags": ["service"],
    "security": [],
    "responses": {
     "200": {
      "description": "This document.",
      "content": {"application/json": {"schema": {"type": "object", "required": ["openapi"]}}}
     },
     "400": {"$ref": "#/components/responses/BadPath"}
    }
   }
  },
  "/api/v1/updates": {
   "get": {
    "operationId": "listUpdates",
    "summary": "All UpdateRequests, of all namespaces and phases, by namespace and name.",
    "tags": ["updates"],
    "parameters": [
     {
      "name": "namespace",
      "in": "query",
      "description": "Only this namespace; then list is needed there only.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     },
     {
      "name": "kind",
      "in": "query",
      "description": "Only workloads of this kind, such as Deployment.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     },
     {
      "name": "deployment",
      "in": "query",
      "description": "Only workloads of this name.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     },
     {
      "name": "container",
      "in": "query",
      "description": "Only this container.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     },
     {
      "name": "policy",
      "in": "query",
      "description": "Only what this policy proposed, such as minor.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     },
     {
      "name": "phase",
      "in": "query",
      "description": "Only these phases.",
      "style": "form",
      "explode": false,
      "schema": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Phase"}}
     },
     {
      "name": "q",
      "in": "query",
      "description": "Only where a name or an image holds this text, whatever its case.",
      "schema": {"type": "string", "maxLength": 256, "pattern": "^[^\\u0000]*$"}
     },
     {
      "name": "fields",
      "in": "query",
      "description": "Only these of each item: paths such as spec.newImage, or keys of the summary.",
      "schema": {
       "type": "array",
       "minItems": 1,
       "maxItems": 50,
       "items": {"type": "string", "pattern": "^(name|phase|(metadata|spec|status)(\\.[a-zA-Z]{1,20}){0,7})$"}
      },
      "style": "form",
      "explode": false
     },
     {
      "name": "limit",
      "in": "query",
      "description": "At most so many; absent: all at once.",
      "schema": {"type": "integer", "minimum": 1, "maximum": 1000}
     },
     {
      "name": "continue",
      "in": "query",
      "description": "Headwind-Continue of the page before.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     }
    ],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The requests.",
      "headers": {
       "Headwind-Continue": {
        "description": "Where limit cut the list: the value of continue for the next page.",
        "schema": {"type": "string"}
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "anyOf": [
           {"$ref": "#/components/schemas/UpdateListItem"},
           {"type": "object", "description": "Where fields were asked for: those of them that it has."}
          ]
         }
        }
       }
      }
     },
     "400": {"$ref": "#/components/responses/BadQuery"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/updates/approve": {
   "post": {
    "operationId": "approveUpdates",
    "summary": "Approve many; each is permitted by itself.",
    "tags": ["updates"],
    "requestBody": {
     "required": true,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BulkOrder"}}}
    },
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "What became of each, one after the other; one that fails stops none of the others.",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BulkReport"}}}
     },
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/updates/reject": {
   "post": {
    "operationId": "rejectUpdates",
    "summary": "Refuse many; each is permitted by itself.",
    "tags": ["updates"],
    "requestBody": {
     "required": true,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BulkOrder"}}}
    },
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "What became of each, one after the other; one that fails stops none of the others.",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BulkReport"}}}
     },
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/updates/{namespace}/{name}": {
   "get": {
    "operationId": "getUpdate",
    "summary": "One UpdateRequest as stored.",
    "tags": ["updates"],
    "parameters": [{"$ref": "#/components/parameters/namespace"}, {"$ref": "#/components/parameters/name"}],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The request.",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UpdateRequest"}}}
     },
     "400": {"$ref": "#/components/responses/BadPath"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoUpdate"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/updates/{namespace}/{name}/approve": {
   "post": {
    "operationId": "approveUpdate",
    "summary": "Approve a waiting update; it is applied when as many people did as it needs.",
    "tags": ["updates"],
    "parameters": [{"$ref": "#/components/parameters/namespace"}, {"$ref": "#/components/parameters/name"}],
    "requestBody": {
     "required": true,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ApprovalOrder"}}}
    },
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The request as it stands afterwards. It may wait for more people, or have failed.",
      "headers": {"Headwind-Result": {"$ref": "#/components/headers/Headwind-Result"}},
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UpdateRequest"}}}
     },
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoSuchUpdate"},
     "409": {"$ref": "#/components/responses/WrongPhase"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "500": {"$ref": "#/components/responses/NotDone"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/updates/{namespace}/{name}/reject": {
   "post": {
    "operationId": "rejectUpdate",
    "summary": "Refuse a waiting update; it is remembered and not proposed again.",
    "tags": ["updates"],
    "parameters": [{"$ref": "#/components/parameters/namespace"}, {"$ref": "#/components/parameters/name"}],
    "requestBody": {
     "required": true,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ApprovalOrder"}}}
    },
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The request as it stands afterwards.",
      "headers": {"Headwind-Result": {"$ref": "#/components/headers/Headwind-Result"}},
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UpdateRequest"}}}
     },
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoSuchUpdate"},
     "409": {"$ref": "#/components/responses/WrongPhase"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "500": {"$ref": "#/components/responses/NotDone"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/updates/{namespace}/{name}/release": {
   "post": {
    "operationId": "releaseUpdate",
    "summary": "Forget a version that was rejected, failed or rolled back: it may be proposed again.",
    "tags": ["updates"],
    "parameters": [{"$ref": "#/components/parameters/namespace"}, {"$ref": "#/components/parameters/name"}],
    "requestBody": {
     "required": false,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ApprovalOrder"}}}
    },
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "Forgotten.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "required": ["message", "namespace", "name"],
         "properties": {
          "message": {"const": "Release successful"},
          "namespace": {"type": "string"},
          "name": {"type": "string"}
         }
        }
       }
      }
     },
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoSuchUpdate"},
     "409": {"$ref": "#/components/responses/WrongPhase"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "500": {"$ref": "#/components/responses/NotDone"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  })json";

}  // namespace headwind::api
