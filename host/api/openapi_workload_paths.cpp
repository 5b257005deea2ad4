// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The paths of workloads and of events.
const std::string_view kOpenapiWorkloadPaths = R"json(  "/api/v1/rollback/{namespace}/{deployment}": {
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
  },
  "/api/v1/rollouts": {
   "get": {
    "operationId": "listRollouts",
    "summary": "Rollouts under way, and those that wait for their turn.",
    "tags": ["updates"],
    "parameters": [
     {
      "name": "namespace",
      "in": "query",
      "description": "Only those of this namespace.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     }
    ],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The rollouts.",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "type": "object",
          "required": ["namespace", "kind", "name", "state"],
          "properties": {
           "namespace": {"type": "string"},
           "kind": {"type": "string"},
           "name": {"type": "string"},
           "state": {"type": "string", "enum": ["unknown", "running", "done", "failed", "held", "waiting"]},
           "position": {"type": "integer", "minimum": 1, "description": "In the queue, where it waits."},
           "ready": {"type": "integer"},
           "wanted": {"type": "integer"},
           "images": {"type": "array", "items": {"type": "string"}},
           "since": {"type": "string", "format": "date-time", "description": "When it was patched."},
           "reason": {"type": "string"}
          }
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
  "/api/v1/history/{namespace}/{kind}/{name}": {
   "get": {
    "operationId": "getWorkloadHistory",
    "summary": "What ran in a workload of any kind, newest first.",
    "tags": ["rollback"],
    "parameters": [
     {"$ref": "#/components/parameters/namespace"},
     {"$ref": "#/components/parameters/workloadKind"},
     {"$ref": "#/components/parameters/workloadName"},
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
         "required": ["namespace", "kind", "name", "entries"],
         "properties": {
          "namespace": {"type": "string"},
          "kind": {"type": "string"},
          "name": {"type": "string"},
          "entries": {"$ref": "#/components/schemas/History"}
         }
        }
       }
      }
     },
     "400": {"$ref": "#/components/responses/BadQuery"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoWorkload"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  },
  "/api/v1/events": {
   "get": {
    "operationId": "streamEvents",
    "summary": "Changes of UpdateRequests, as server-sent events without end.",
    "description": "Open it, then list. Events: updated and deleted, with a summary; resync: list again.",
    "tags": ["events"],
    "parameters": [
     {
      "name": "namespace",
      "in": "query",
      "description": "Only this namespace; then list is needed there only.",
      "schema": {"$ref": "#/components/schemas/Filter"}
     }
    ],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The stream.",
      "content": {
       "text/event-stream": {
        "schema": {"type": "string"},
        "example": "event: updated\nid: 4711\ndata: {\"name\":\"web-app-1-26-0\",\"phase\":\"Pending\"}\n\n"
       }
      }
     },
     "400": {"$ref": "#/components/responses/BadQuery"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  })json";

}  // namespace headwind::api
