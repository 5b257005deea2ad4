// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The members of the document before `components`.
const std::string_view kOpenapiPaths = R"json( "openapi": "3.1.0",
 "info": {
  "title": "Headwind",
  "version": "v1",
  "description": "Waiting updates and remembered versions. Mode token asks for permissions, mode none for nothing.",
  "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
 },
 "servers": [{"url": "/"}],
 "tags": [
  {"name": "updates", "description": "Updates that wait, and versions that are remembered."},
  {"name": "rollback", "description": "What ran before, and back to it."},
  {"name": "service", "description": "The service itself."}
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
     }
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
     {"name": "phase", "in": "query", "schema": {"$ref": "#/components/schemas/Phase"}},
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
       "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/UpdateListItem"}}}
      }
     },
     "400": {"$ref": "#/components/responses/BadQuery"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
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
    "summary": "Apply a waiting update.",
    "tags": ["updates"],
    "parameters": [{"$ref": "#/components/parameters/namespace"}, {"$ref": "#/components/parameters/name"}],
    "requestBody": {
     "required": true,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ApprovalOrder"}}}
    },
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The request as it stands afterwards. It may have failed: see status.phase, or the header.",
      "headers": {"Headwind-Result": {"$ref": "#/components/headers/Headwind-Result"}},
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UpdateRequest"}}}
     },
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoUpdate"},
     "409": {"$ref": "#/components/responses/WrongPhase"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "500": {"$ref": "#/components/responses/Failed"},
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
     "404": {"$ref": "#/components/responses/NoUpdate"},
     "409": {"$ref": "#/components/responses/WrongPhase"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "500": {"$ref": "#/components/responses/Failed"},
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
     "404": {"$ref": "#/components/responses/NoUpdate"},
     "409": {"$ref": "#/components/responses/WrongPhase"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "500": {"$ref": "#/components/responses/Failed"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/rollback/{namespace}/{deployment}": {
   "get": {
    "operationId": "getHistory",
    "summary": "What ran, newest first.",
    "tags": ["rollback"],
    "parameters": [
     {"$ref": "#/components/parameters/namespace"},
     {"$ref": "#/components/parameters/deployment"},
     {"$ref": "#/components/parameters/kind"},
     {"$ref": "#/components/parameters/containerFilter"}
    ],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The history.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "required": ["entries"],
         "properties": {"entries": {"$ref": "#/components/schemas/History"}}
        }
       }
      }
     },
     "400": {"$ref": "#/components/responses/BadQuery"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoWorkload"},
     "500": {"$ref": "#/components/responses/Failed"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   },
   "post": {
    "operationId": "rollback",
    "summary": "Go back to an earlier image.",
    "tags": ["rollback"],
    "parameters": [
     {"$ref": "#/components/parameters/namespace"},
     {"$ref": "#/components/parameters/deployment"},
     {"$ref": "#/components/parameters/kind"}
    ],
    "requestBody": {
     "required": true,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackOrder"}}}
    },
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "Rolled back.",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackResult"}}}
     },
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoEntry"},
     "409": {"$ref": "#/components/responses/RollbackConflict"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "500": {"$ref": "#/components/responses/RollbackFailed"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/rollback/{namespace}/{deployment}/history": {
   "get": {
    "operationId": "getHistoryArray",
    "summary": "What ran, newest first, as an array alone.",
    "tags": ["rollback"],
    "parameters": [
     {"$ref": "#/components/parameters/namespace"},
     {"$ref": "#/components/parameters/deployment"},
     {"$ref": "#/components/parameters/kind"},
     {"$ref": "#/components/parameters/containerFilter"}
    ],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The history.",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/History"}}}
     },
     "400": {"$ref": "#/components/responses/BadQuery"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoWorkload"},
     "500": {"$ref": "#/components/responses/Failed"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/rollback/{namespace}/{deployment}/{container}": {
   "post": {
    "operationId": "rollbackContainer",
    "summary": "Go back to an earlier image of this container. The body may be empty.",
    "tags": ["rollback"],
    "parameters": [
     {"$ref": "#/components/parameters/namespace"},
     {"$ref": "#/components/parameters/deployment"},
     {"$ref": "#/components/parameters/container"},
     {"$ref": "#/components/parameters/kind"}
    ],
    "requestBody": {
     "required": false,
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ContainerRollbackOrder"}}}
    },
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "Rolled back.",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackResult"}}}
     },
     "400": {"$ref": "#/components/responses/BadBody"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoEntry"},
     "409": {"$ref": "#/components/responses/RollbackConflict"},
     "413": {"$ref": "#/components/responses/TooLarge"},
     "415": {"$ref": "#/components/responses/NotJson"},
     "422": {"$ref": "#/components/responses/WrongShape"},
     "500": {"$ref": "#/components/responses/RollbackFailed"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  }
 })json";

}  // namespace headwind::api
