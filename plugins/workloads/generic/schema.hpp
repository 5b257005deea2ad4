// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of the settings. What it cannot say in a good sentence is checked by read_settings.
#pragma once
#include <string_view>

namespace headwind::workloads::generic {

inline constexpr std::string_view settings_schema = R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "preset": {"type": "string", "description": "Settings of a well-known kind; members given here take their place."},
    "group": {"type": "string", "maxLength": 253, "pattern": "^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$"},
    "versions": {"type": "array", "minItems": 1, "maxItems": 16,
        "items": {"type": "string", "pattern": "^v[0-9][a-z0-9]{0,61}$"},
        "description": "In order of preference: the first that the cluster serves is used."},
    "kind": {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]{0,62}$"},
    "plural": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,62}$"},
    "images": {"type": "array", "minItems": 1, "maxItems": 16, "items": {"$ref": "#/definitions/image"}},
    "pods": {"type": "object", "additionalProperties": false, "required": ["label", "equalsPath"],
        "description": "Pods found by spec.selector, of the revision that the label names.",
        "properties": {
          "label": {"type": "string", "minLength": 1, "maxLength": 317},
          "equalsPath": {"type": "string"},
          "through": {"enum": ["ReplicaSet"], "description": "Who owns the pods, where the object does not itself."}}},
    "replicas": {"type": "object", "additionalProperties": false, "description": "To be shown to people.",
        "properties": {"ready": {"type": "string"}, "wanted": {"type": "string"}}},
    "ready": {"$ref": "#/definitions/rules"},
    "failed": {"$ref": "#/definitions/rules"},
    "held": {"$ref": "#/definitions/rules"}
  },
  "definitions": {
    "image": {"type": "object", "additionalProperties": false, "required": ["path"],
        "properties": {
          "path": {"type": "string"},
          "slot": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,63}$"},
          "name": {"type": "string", "minLength": 1, "maxLength": 253},
          "repositoryPath": {"type": "string", "description": "path leads to a tag of the repository that stands here."}}},
    "rules": {"type": "array", "maxItems": 16, "items": {"$ref": "#/definitions/rule"}},
    "rule": {"type": "object", "additionalProperties": false,
        "properties": {
          "path": {"type": "string"},
          "equals": {"type": ["string", "number", "boolean"]},
          "equalsPath": {"type": "string"},
          "in": {"type": "array", "minItems": 1, "maxItems": 32, "items": {"type": ["string", "number", "boolean"]}},
          "exists": {"type": "boolean"},
          "atLeast": {"type": ["number", "string"], "description": "A number, or the path of one."},
          "condition": {"type": "string", "minLength": 1, "maxLength": 316},
          "status": {"enum": ["True", "False", "Unknown"]},
          "reason": {"type": "array", "minItems": 1, "maxItems": 32, "items": {"type": "string"}},
          "message": {"type": "string", "maxLength": 512, "description": "A sentence, or the path of one."}}}
  }
})";

}  // namespace headwind::workloads::generic
