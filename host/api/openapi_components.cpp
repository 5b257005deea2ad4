// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The member `components`: parameters, answers and shapes that the paths refer to.
const std::string_view kOpenapiComponents = R"json( "components": {
  "securitySchemes": {
   "kubernetesToken": {
    "type": "http",
    "scheme": "bearer",
    "description": "A Kubernetes token, such as kubectl create token prints. Not asked for in mode none."
   }
  },
  "parameters": {
   "namespace": {"name": "namespace", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Name"}},
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
   "container": {"name": "container", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Name"}},
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
    "description": "status.phase in lower case: completed, approved (it waits for its time), failed, rejected.",
    "schema": {"type": "string"}
   }
  },
  "responses": {
   "Unauthorized": {
    "description": "No token, or not a valid one.",
    "headers": {"WWW-Authenticate": {"schema": {"const": "Bearer"}}},
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
   },
   "Forbidden": {
    "description": "The identity lacks a permission, which the sentence names.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
   },
   "Unavailable": {
    "description": "Headwind is starting, or the Kubernetes API cannot review tokens.",
    "headers": {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}},
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
   },
   "BadQuery": {
    "description": "The path or a query parameter cannot be read; the sentence names it.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
   },
   "BadPath": {
    "description": "The path cannot be read.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
   },
   "BadBody": {
    "description": "The body is not JSON (text), or the path or query cannot be read (JSON).",
    "content": {
     "text/plain": {"schema": {"type": "string"}},
     "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
    }
   },
   "TooLarge": {
    "description": "The body is longer than 2 MiB.",
    "content": {"text/plain": {"schema": {"type": "string"}}}
   },
   "NotJson": {
    "description": "The content type is not application/json or application/*+json.",
    "content": {"text/plain": {"schema": {"type": "string"}}}
   },
   "WrongShape": {
    "description": "JSON of another shape; the sentence names the member.",
    "content": {"text/plain": {"schema": {"type": "string"}}}
   },
   "NoUpdate": {
    "description": "No such UpdateRequest.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
   },
   "WrongPhase": {
    "description": "The phase does not allow it.",
    "content": {
     "application/json": {
      "schema": {
       "type": "object",
       "required": ["error", "current_phase"],
       "properties": {"error": {"type": "string"}, "current_phase": {"$ref": "#/components/schemas/Phase"}}
      }
     }
    }
   },
   "Failed": {
    "description": "The Kubernetes API refused or could not be reached.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
   },
   "NoWorkload": {
    "description": "No such workload with a policy.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
   },
   "NoEntry": {
    "description": "No such workload (error alone), or no such history entry or container.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackError"}}}
   },
   "RollbackConflict": {
    "description": "That version is remembered as bad, runs already, or the workload keeps changing.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackError"}}}
   },
   "RollbackFailed": {
    "description": "The patch was refused or could not be sent.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RollbackError"}}}
   }
  },
  "schemas": {
   "Name": {"type": "string", "pattern": "^[^\\u0000]+$", "description": "Any text but NUL; an unknown one is a 404."},
   "Filter": {"type": "string", "pattern": "^[^\\u0000]*$", "description": "Any text but NUL."},
   "Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}},
   "RollbackError": {
    "type": "object",
    "required": ["error"],
    "properties": {
     "error": {"type": "string"},
     "deployment": {"type": "string"},
     "container": {"type": "string"},
     "index": {"type": "integer"}
    }
   },
   "Phase": {
    "type": "string",
    "enum": [
     "Pending",
     "Approved",
     "Applying",
     "Completed",
     "Failed",
     "Rejected",
     "Expired",
     "Superseded",
     "RolledBack"
    ]
   },
   "ApprovalOrder": {
    "type": "object",
    "properties": {
     "approver": {
      "type": ["string", "null"],
      "maxLength": 1024,
      "description": "Counts in mode none only; in mode token the authenticated user is the approver."
     },
     "reason": {"type": ["string", "null"], "maxLength": 4096, "description": "Why it is rejected."}
    }
   },
   "RollbackOrder": {
    "type": "object",
    "required": ["container"],
    "properties": {
     "container": {"type": "string", "minLength": 1, "maxLength": 1024},
     "index": {
      "type": ["integer", "null"],
      "minimum": 0,
      "maximum": 4294967295,
      "description": "0 is the newest entry. Absent: the newest earlier one that is not remembered as bad."
     },
     "user": {"type": ["string", "null"], "maxLength": 1024, "description": "Counts in mode none only."},
     "reason": {"type": ["string", "null"], "maxLength": 4096}
    }
   },
   "ContainerRollbackOrder": {
    "type": "object",
    "properties": {
     "index": {"type": ["integer", "null"], "minimum": 0, "maximum": 4294967295},
     "user": {"type": ["string", "null"], "maxLength": 1024},
     "reason": {"type": ["string", "null"], "maxLength": 4096}
    }
   },
   "RollbackResult": {
    "type": "object",
    "required": ["message", "deployment", "namespace", "container", "image", "user", "reason"],
    "properties": {
     "message": {"const": "Rollback successful"},
     "deployment": {"type": "string"},
     "namespace": {"type": "string"},
     "container": {"type": "string"},
     "image": {"type": "string"},
     "user": {"type": ["string", "null"]},
     "reason": {"type": ["string", "null"]},
     "updateRequestName": {
      "type": "string",
      "description": "The request that remembers the version that was left."
     }
    }
   },
   "History": {
    "type": "array",
    "items": {
     "type": "object",
     "required": ["container", "image", "timestamp"],
     "properties": {
      "container": {"type": "string"},
      "image": {"type": "string"},
      "timestamp": {"type": "string"},
      "updateRequestName": {"type": "string"},
      "approvedBy": {"type": "string"},
      "digest": {"type": "string"}
     }
    }
   },
   "UpdateRequest": {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "properties": {
     "apiVersion": {"const": "headwind.sh/v1alpha1"},
     "kind": {"const": "UpdateRequest"},
     "metadata": {
      "type": "object",
      "required": ["name", "namespace"],
      "properties": {"name": {"type": "string"}, "namespace": {"type": "string"}}
     },
     "spec": {
      "type": "object",
      "required": ["targetRef", "updateType", "currentImage", "newImage", "policy"],
      "properties": {
       "targetRef": {
        "type": "object",
        "required": ["apiVersion", "kind", "name", "namespace"],
        "properties": {
         "apiVersion": {"type": "string"},
         "kind": {"type": "string"},
         "name": {"type": "string"},
         "namespace": {"type": "string"},
         "uid": {"type": "string"}
        }
       },
       "updateType": {"enum": ["image", "helmChart"]},
       "containerName": {"type": "string"},
       "slot": {"type": "string"},
       "currentImage": {"type": "string"},
       "newImage": {"type": "string"},
       "digest": {"type": "string"},
       "policy": {"type": "string"},
       "reason": {"type": "string"},
       "requireApproval": {"type": "boolean"},
       "expiresAt": {"type": "string", "format": "date-time"},
       "action": {"enum": ["update", "rollback"]},
       "rollback": {
        "type": "object",
        "required": ["image"],
        "properties": {"image": {"type": "string"}, "reason": {"type": "string"}, "by": {"type": "string"}}
       }
      }
     },
     "status": {
      "type": "object",
      "properties": {
       "phase": {"$ref": "#/components/schemas/Phase"},
       "approvedBy": {"type": "string"},
       "approvedAt": {"type": "string", "format": "date-time"},
       "approvedGeneration": {"type": "integer"},
       "rejectedBy": {"type": "string"},
       "rejectedAt": {"type": "string", "format": "date-time"},
       "message": {"type": "string"},
       "lastUpdated": {"type": "string", "format": "date-time"},
       "notedRevision": {"type": "integer"}
      }
     }
    }
   },
   "UpdateListItem": {
    "description": "An UpdateRequest with a summary beside it.",
    "allOf": [
     {"$ref": "#/components/schemas/UpdateRequest"},
     {
      "type": "object",
      "required": ["namespace", "name", "deployment", "currentImage", "newImage", "phase"],
      "properties": {
       "namespace": {"type": "string"},
       "name": {"type": "string"},
       "deployment": {"type": "string", "description": "The workload, of any kind."},
       "currentImage": {"type": "string"},
       "newImage": {"type": "string"},
       "phase": {"$ref": "#/components/schemas/Phase"}
      }
     }
    ]
   }
  }
 })json";

}  // namespace headwind::api
