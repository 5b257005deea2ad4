// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The member `components` up to its schemas: parameters and answers that the paths refer to.
const std::string_view kOpenapiComponents = R"json( "components": {
  "securitySchemes": {
   "kubernetesToken": {
    "type": "http",
    "scheme": "bearer",
    "description": "A Kubernetes token, such as kubectl create token prints. Not asked for in mode none."
   }
  },
  "parameters": {
   "namespace": {
    "name": "namespace",
    "in": "path",
    "required": true,
    "schema": {"$ref": "#/components/schemas/Name"}
   },
   "name": {
    "name": "name",
    "in": "path",
    "required": true,
    "description": "Of the UpdateRequest.",
    "schema": {"$ref": "#/components/schemas/Name"}
   },
   "deployment": {
    "name": "deployment",
    "in": "path",
    "required": true,
    "description": "Of the workload.",
    "schema": {"$ref": "#/components/schemas/Name"}
   },
   "workloadKind": {
    "name": "kind",
    "in": "path",
    "required": true,
    "description": "Of the workload, such as StatefulSet.",
    "schema": {"$ref": "#/components/schemas/Name"}
   },
   "workloadName": {
    "name": "name",
    "in": "path",
    "required": true,
    "description": "Of the workload.",
    "schema": {"$ref": "#/components/schemas/Name"}
   },
   "container": {
    "name": "container",
    "in": "path",
    "required": true,
    "schema": {"$ref": "#/components/schemas/Name"}
   },
   "kind": {
    "name": "kind",
    "in": "query",
    "description": "Of the workload.",
    "schema": {"$ref": "#/components/schemas/Filter", "default": "Deployment"}
   },
   "containerFilter": {
    "name": "container",
    "in": "query",
    "description": "Only this container.",
    "schema": {"$ref": "#/components/schemas/Filter"}
   }
  },
  "headers": {
   "Headwind-Result": {
    "description": "status.phase in lower case; pending: it waits for more people, approved: for its time.",
    "schema": {"type": "string"}
   }
  },
  "responses": {
   "Unauthorized": {
    "description": "No token, or not a valid one.",
    "headers": {"WWW-Authenticate": {"schema": {"const": "Bearer"}}},
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "Forbidden": {
    "description": "The identity lacks a permission, which the sentence names.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "Unavailable": {
    "description": "Headwind is starting, tokens cannot be reviewed, or as many listen, or look up explanations, as may.",
    "headers": {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}},
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "BadQuery": {
    "description": "The path or a query parameter cannot be read, or is unknown; the sentence names it.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "BadPath": {
    "description": "The path cannot be read, or the query has a parameter, of which this path takes none; the sentence names it.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "BadBody": {
    "description": "The body is not JSON, or the path or query cannot be read, or a query parameter is unknown.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "TooLarge": {
    "description": "The body is longer than 2 MiB.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "NotJson": {
    "description": "The content type is not application/json or application/*+json.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "WrongShape": {
    "description": "JSON of another shape; the sentence names the member.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "NoUpdate": {
    "description": "No such UpdateRequest.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "WrongPhase": {
    "description": "The phase does not allow it, or the approval does not count; the sentence says why.",
    "content": {
     "application/json": {
      "schema": {
       "allOf": [
        {"$ref": "#/components/schemas/Problem"},
        {
         "type": "object",
         "required": ["current_phase"],
         "properties": {"current_phase": {"$ref": "#/components/schemas/Phase"}}
        }
       ]
      }
     }
    }
   },
   "Failed": {
    "description": "The Kubernetes API refused or could not be reached.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "NoWorkload": {
    "description": "No such kind of workload, which the sentence says, or no such workload with a policy.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "NoNotifier": {
    "description": "No such notifier.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "NoEntry": {
    "description": "No such kind or workload (error alone), or no such history entry or container.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackProblem"}}}
   },
   "RollbackConflict": {
    "description": "That version is remembered as bad, runs already, or the workload keeps changing.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackProblem"}}}
   },
   "RollbackFailed": {
    "description": "The patch was refused or could not be sent.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackProblem"}}}
   },
   "NoSuchUpdate": {
    "description": "No such UpdateRequest.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   },
   "LogFilter": {
    "description": "The filter in force.",
    "content": {
     "application/json": {
      "schema": {
       "type": "object",
       "required": ["filter", "configured", "overridden"],
       "properties": {
        "filter": {"type": "string"},
        "configured": {"type": "string", "description": "log.level of the configuration."},
        "overridden": {"type": "boolean"},
        "by": {"type": "string", "description": "Who changed it."},
        "until": {"type": "string", "format": "date-time", "description": "Absent: until it is taken back."}
       }
      }
     }
    }
   },
   "NotDone": {
    "description": "The Kubernetes API refused or could not be reached.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
   }
  })json";

}  // namespace headwind::api
