// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The shapes that the paths and answers refer to, which end the object `components`.
const std::string_view kOpenapiSchemas = R"json(  "schemas": {
   "Name": {
    "type": "string",
    "pattern": "^[^\\u0000]+$",
    "description": "Any text but NUL; an unknown one is a 404."
   },
   "Filter": {"type": "string", "pattern": "^[^\\u0000]*$", "description": "Any text but NUL."},
   "Problem": {
    "type": "object",
    "required": ["type", "title", "status", "detail", "error"],
    "properties": {
     "type": {"const": "about:blank"},
     "title": {"type": "string", "description": "Of the status."},
     "status": {"type": "integer"},
     "detail": {"type": "string", "description": "One sentence: what is wrong, and the remedy."},
     "error": {"type": "string", "description": "The same, as 0.1.x called it."}
    }
   },
   "Notifier": {
    "type": "object",
    "required": ["name", "state", "waiting", "sent", "failed", "dropped", "deadLetters"],
    "properties": {
     "name": {"type": "string"},
     "state": {
      "type": "string",
      "enum": ["idle", "sending", "waiting"],
      "description": "waiting: for its next try, since the last one failed."
     },
     "waiting": {"type": "integer", "minimum": 0, "description": "Events that are to be told."},
     "sent": {"type": "integer", "minimum": 0},
     "failed": {"type": "integer", "minimum": 0, "description": "Refused for good, or tried for too long."},
     "dropped": {"type": "integer", "minimum": 0, "description": "Pushed out while too many were waiting."},
     "toldUpTo": {"type": "string", "format": "date-time", "description": "All until then is told or given up."},
     "nextTry": {"type": "string", "format": "date-time"},
     "error": {"type": "string", "description": "Of the last attempt, where it failed."},
     "deadLetters": {
      "type": "array",
      "description": "The newest first.",
      "items": {
       "type": "object",
       "required": ["id", "event", "workload", "reason", "attempts", "givenUp"],
       "properties": {
        "id": {"type": "string", "description": "Of the event: the same for all notifiers and after a restart."},
        "event": {"type": "string", "description": "Such as update_failed."},
        "workload": {"type": "string", "description": "Such as apps/Deployment shop/web."},
        "reason": {"type": "string", "enum": ["refused", "expired", "overflow"]},
        "attempts": {"type": "integer", "minimum": 0},
        "happened": {"type": "string", "format": "date-time"},
        "firstTry": {"type": "string", "format": "date-time"},
        "lastTry": {"type": "string", "format": "date-time"},
        "givenUp": {"type": "string", "format": "date-time"},
        "error": {"type": "string", "description": "Of the last attempt."}
       }
      }
     }
    }
   },
   "RollbackProblem": {
    "allOf": [
     {"$ref": "#/components/schemas/Problem"},
     {
      "type": "object",
      "properties": {
       "deployment": {"type": "string"},
       "container": {"type": "string"},
       "index": {"type": "integer"}
      }
     }
    ]
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
     "reason": {
      "type": ["string", "null"],
      "maxLength": 4096,
      "description": "Why it is rejected; of an approval, the same as comment."
     },
     "comment": {"type": ["string", "null"], "maxLength": 4096, "description": "Kept with the approval."},
     "digest": {
      "type": ["string", "null"],
      "maxLength": 200,
      "description": "What the approver saw: 409 where the request is about another one."
     }
    }
   },
   "BulkOrder": {
    "allOf": [
     {"$ref": "#/components/schemas/ApprovalOrder"},
     {
      "type": "object",
      "required": ["updates"],
      "properties": {
       "updates": {
        "type": "array",
        "maxItems": 200,
        "items": {
         "type": "object",
         "required": ["namespace", "name"],
         "properties": {
          "namespace": {"type": "string", "minLength": 1, "maxLength": 1024},
          "name": {"type": "string", "minLength": 1, "maxLength": 1024}
         }
        }
       }
      }
     }
    ]
   },
   "BulkReport": {
    "type": "object",
    "required": ["success_count", "failed_count", "errors", "results"],
    "properties": {
     "success_count": {"type": "integer", "minimum": 0},
     "failed_count": {"type": "integer", "minimum": 0},
     "errors": {
      "type": "array",
      "items": {"type": "string"},
      "description": "\"namespace/name: HTTP 404 Not Found\", one for each that failed."
     },
     "results": {
      "type": "array",
      "description": "One for each, in the order of the question.",
      "items": {
       "type": "object",
       "required": ["namespace", "name", "status"],
       "properties": {
        "namespace": {"type": "string"},
        "name": {"type": "string"},
        "status": {"type": "integer", "description": "What it would have answered alone."},
        "phase": {"$ref": "#/components/schemas/Phase"},
        "error": {"type": "string"}
       }
      }
     }
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
     "updateRequestName": {"type": "string", "description": "The request that remembers the version that was left."}
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
      "digest": {"type": "string"},
      "trace": {"type": "string", "description": "The traceparent of the push."}
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
       },
       "requiredApprovals": {"type": "integer", "minimum": 1, "maximum": 10}
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
       "notedRevision": {"type": "integer"},
       "approvals": {
        "type": "array",
        "items": {
         "type": "object",
         "required": ["by", "at"],
         "properties": {
          "by": {"type": "string"},
          "at": {"type": "string", "format": "date-time"},
          "comment": {"type": "string"},
          "digest": {"type": "string", "description": "What was approved; another one than spec.digest: void."}
         }
        }
       }
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
