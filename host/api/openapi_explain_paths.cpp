// SPDX-License-Identifier: Apache-2.0
#include "api/openapi_parts.hpp"

namespace headwind::api {

// The path of explanations, in the midst of the object `paths`.
const std::string_view kOpenapiExplainPaths = R"json(  "/api/v1/explain/{namespace}/{kind}/{name}": {
   "get": {
    "operationId": "explainWorkload",
    "summary": "Why a workload of any kind runs what it runs.",
    "description": "Reads lists of tags, unless it did within a minute, or failed within 15 s; within the registry's budget.",
    "tags": ["updates"],
    "parameters": [
     {"$ref": "#/components/parameters/namespace"},
     {"$ref": "#/components/parameters/workloadKind"},
     {"$ref": "#/components/parameters/workloadName"},
     {
      "name": "format",
      "in": "query",
      "description": "JSON, or sentences to read.",
      "schema": {"enum": ["json", "text"], "default": "json"}
     }
    ],
    "security": [{"kubernetesToken": []}, {}],
    "responses": {
     "200": {
      "description": "The explanation.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "required": [
          "namespace",
          "kind",
          "name",
          "apiVersion",
          "at",
          "summary",
          "annotations",
          "mistakes",
          "slots",
          "waits",
          "remembered",
          "history",
          "events"
         ],
         "properties": {
          "namespace": {"type": "string"},
          "kind": {"type": "string"},
          "name": {"type": "string"},
          "apiVersion": {"type": "string"},
          "at": {"type": "string", "format": "date-time"},
          "summary": {"type": "string", "description": "The answer in a sentence or two."},
          "owner": {"type": "string", "description": "Who else writes the object: Flux Kustomization apps."},
          "annotations": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["annotation", "value", "written"],
            "properties": {
             "annotation": {"type": "string"},
             "value": {"type": "string", "description": "As it is understood."},
             "written": {"type": "boolean"}
            }
           }
          },
          "mistakes": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["sentence", "leftAlone"],
            "properties": {
             "annotation": {"type": "string"},
             "sentence": {"type": "string"},
             "leftAlone": {"type": "boolean", "description": "Nothing is updated until it is mended."}
            }
           }
          },
          "slots": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["slot", "image", "chart", "followed", "choice", "counts", "candidates"],
            "properties": {
             "slot": {"type": "string"},
             "container": {"type": "string"},
             "image": {"type": "string"},
             "repository": {"type": "string"},
             "chart": {"type": "boolean"},
             "followed": {"type": "boolean"},
             "baselineDigest": {"type": "string", "description": "What runs, where it is known."},
             "registry": {
              "type": "object",
              "required": ["readAt", "ageSeconds", "tags"],
              "properties": {
               "readAt": {"type": "string", "format": "date-time"},
               "ageSeconds": {"type": "integer", "minimum": 0},
               "tags": {"type": "integer", "minimum": 0},
               "runningDigest": {"type": "string", "description": "What the running tag names now."},
               "trouble": {"type": "string", "description": "Why something is not known."},
               "tryAgainAt": {"type": "string", "format": "date-time"}
              }
             },
             "choice": {"type": ["string", "null"], "description": "The tag that the policy would take."},
             "why": {"type": "string"},
             "counts": {
              "type": "object",
              "required": ["update", "hold", "ignored"],
              "properties": {"update": {"type": "integer"}, "hold": {"type": "integer"}, "ignored": {"type": "integer"}}
             },
             "candidates": {
              "type": "array",
              "items": {
               "type": "object",
               "required": ["tag", "verdict", "rule"],
               "properties": {
                "tag": {"type": "string"},
                "verdict": {"enum": ["update", "hold", "ignored"]},
                "rule": {
                 "type": "string",
                 "description": "Who says so: policy minor, UpdateRequest shop/web-app-1-26-0, platform."
                },
                "reason": {"type": "string", "description": "Goes on after the tag: is newer than 1.25.0."},
                "digest": {"type": "string"},
                "pushedAt": {"type": "string", "format": "date-time"},
                "chosen": {"const": true}
               }
              },
              "maxItems": 1000,
              "description": "The chosen one first, then by verdict."
             }
            }
           }
          },
          "waits": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["kind", "sentence"],
            "properties": {
             "kind": {
              "enum": [
               "mistake",
               "policy",
               "obstacle",
               "approval",
               "request",
               "interval",
               "rollout",
               "push",
               "registry",
               "source"
              ]
             },
             "sentence": {"type": "string"},
             "until": {"type": "string", "format": "date-time"}
            }
           }
          },
          "remembered": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["slot", "image", "phase", "updateRequestName"],
            "properties": {
             "slot": {"type": "string"},
             "image": {"type": "string"},
             "digest": {"type": "string"},
             "phase": {"$ref": "#/components/schemas/Phase"},
             "why": {"type": "string"},
             "by": {"type": "string"},
             "updateRequestName": {"type": "string"},
             "since": {"type": "string", "format": "date-time"}
            }
           }
          },
          "history": {"$ref": "#/components/schemas/History"},
          "events": {
           "type": "array",
           "items": {
            "type": "object",
            "required": ["at", "type", "reason", "message"],
            "properties": {
             "at": {"type": "string", "format": "date-time"},
             "type": {"enum": ["Normal", "Warning"]},
             "reason": {"type": "string"},
             "message": {"type": "string"}
            }
           },
           "description": "Newest first, since the operator started."
          }
         }
        }
       },
       "text/plain": {"schema": {"type": "string"}}
      }
     },
     "400": {"$ref": "#/components/responses/BadQuery"},
     "401": {"$ref": "#/components/responses/Unauthorized"},
     "403": {"$ref": "#/components/responses/Forbidden"},
     "404": {"$ref": "#/components/responses/NoWorkload"},
     "503": {"$ref": "#/components/responses/Unavailable"}
    }
   }
  })json";

}  // namespace headwind::api
