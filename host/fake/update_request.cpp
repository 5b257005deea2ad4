// SPDX-License-Identifier: Apache-2.0
#include "fake/update_request.hpp"

namespace headwind::fake {
namespace {

constexpr const char* kSchema = R"json(
{
  "type": "object",
  "required": ["spec"],
  "properties": {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {"type": "object"},
    "spec": {
      "type": "object",
      "required": ["targetRef", "updateType", "currentImage", "newImage", "policy"],
      "properties": {
        "targetRef": {
          "type": "object",
          "required": ["apiVersion", "kind", "name", "namespace"],
          "properties": {
            "apiVersion": {
              "type": "string",
              "maxLength": 317
            },
            "kind": {"type": "string", "maxLength": 63},
            "name": {"type": "string", "maxLength": 253},
            "namespace": {"type": "string", "maxLength": 63},
            "uid": {"type": "string", "maxLength": 128}
          }
        },
        "updateType": {"type": "string", "enum": ["image", "helmChart"]},
        "containerName": {"type": "string", "maxLength": 253},
        "slot": {"type": "string", "maxLength": 512},
        "currentImage": {"type": "string", "maxLength": 1024},
        "newImage": {"type": "string", "maxLength": 1024},
        "digest": {
          "type": "string",
          "maxLength": 135,
          "pattern": "^$|^sha256:[a-f0-9]{64}$|^sha512:[a-f0-9]{128}$"
        },
        "policy": {
          "type": "string",
          "maxLength": 253,
          "pattern": "^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(/[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$"
        },
        "reason": {"type": "string"},
        "requireApproval": {"type": "boolean", "default": true},
        "requiredApprovals": {"type": "integer", "minimum": 1, "maximum": 10, "default": 1},
        "expiresAt": {"type": "string", "format": "date-time"},
        "action": {
          "type": "string",
          "enum": ["update", "rollback"],
          "default": "update"
        },
        "rollback": {
          "type": "object",
          "required": ["image"],
          "properties": {
            "image": {"type": "string", "maxLength": 1024},
            "reason": {"type": "string"},
            "by": {"type": "string"}
          }
        }
      }
    },
    "status": {
      "type": "object",
      "default": {},
      "properties": {
        "phase": {
          "type": "string",
          "enum": ["Pending", "Approved", "Applying", "Completed", "Failed", "Rejected", "Expired", "Superseded", "RolledBack"],
          "default": "Pending"
        },
        "approvedBy": {"type": "string"},
        "approvedAt": {"type": "string", "format": "date-time"},
        "approvedGeneration": {"type": "integer", "format": "int64"},
        "approvals": {
          "type": "array",
          "maxItems": 10,
          "items": {
            "type": "object",
            "required": ["by", "at"],
            "properties": {
              "by": {"type": "string", "minLength": 1, "maxLength": 1024},
              "at": {"type": "string", "format": "date-time"},
              "comment": {"type": "string", "maxLength": 4096},
              "digest": {"type": "string", "maxLength": 135}
            }
          }
        },
        "rejectedBy": {"type": "string"},
        "rejectedAt": {"type": "string", "format": "date-time"},
        "message": {"type": "string"},
        "lastUpdated": {"type": "string", "format": "date-time"},
        "notedRevision": {"type": "integer", "format": "int64"},
        "conditions": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["type", "status", "lastTransitionTime", "reason"],
            "properties": {
              "type": {
                "type": "string",
                "maxLength": 316
              },
              "status": {
                "type": "string",
                "enum": ["True", "False", "Unknown"]
              },
              "reason": {
                "type": "string",
                "maxLength": 1024
              },
              "message": {
                "type": "string",
                "maxLength": 32768
              },
              "lastTransitionTime": {
                "type": "string",
                "format": "date-time"
              },
              "observedGeneration": {
                "type": "integer",
                "format": "int64"
              }
            }
          }
        }
      }
    }
  }
}
)json";

bool same(const Json& left, const Json& right, std::string_view name) {
  const Json* a = find_at(left, {name});
  const Json* b = find_at(right, {name});
  return (a == nullptr) == (b == nullptr) && (a == nullptr || *a == *b);
}

bool kept_once_set(const Json& spec, const Json& old, std::string_view name) {
  return text_at(old, {name}).empty() || same(spec, old, name);
}

bool flag(const Json& spec, std::string_view name) {
  const Json* found = find_at(spec, {name});
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::int64_t number(const Json& spec, std::string_view name) {
  const Json* found = find_at(spec, {name});
  return found != nullptr && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

struct Rule {
  const char* message;
  bool transition;  // asks about the old object, so it is not checked on a create
  bool (*holds)(const Json& spec, const Json& old);
};

constexpr Rule kRules[] = {
    {"spec.targetRef cannot be changed; make a new request", true,
     [](const Json& spec, const Json& old) { return same(spec, old, "targetRef"); }},
    {"spec.containerName cannot be changed; make a new request", true,
     [](const Json& spec, const Json& old) { return same(spec, old, "containerName"); }},
    {"spec.currentImage cannot be changed; make a new request", true,
     [](const Json& spec, const Json& old) { return same(spec, old, "currentImage"); }},
    {"spec.newImage cannot be changed; make a new request", true,
     [](const Json& spec, const Json& old) { return same(spec, old, "newImage"); }},
    {"spec.digest cannot be changed once it is set; make a new request", true,
     [](const Json& spec, const Json& old) { return kept_once_set(spec, old, "digest"); }},
    {"spec.slot cannot be changed once it is set; make a new request", true,
     [](const Json& spec, const Json& old) { return kept_once_set(spec, old, "slot"); }},
    {"spec.action goes from update to rollback only", true,
     [](const Json& spec, const Json& old) {
       return same(spec, old, "action") || text_at(old, {"action"}) == "update";
     }},
    {"spec.action rollback needs spec.rollback with the image to go back to", false,
     [](const Json& spec, const Json&) { return text_at(spec, {"action"}) == "update" || spec.contains("rollback"); }},
    {"spec.rollback cannot be changed once it is set; make a new request", true,
     [](const Json& spec, const Json& old) { return !old.contains("rollback") || same(spec, old, "rollback"); }},
    {"spec.requireApproval cannot be lowered", true,
     [](const Json& spec, const Json& old) { return flag(spec, "requireApproval") || !flag(old, "requireApproval"); }},
    {"spec.requiredApprovals cannot be lowered", true,
     [](const Json& spec, const Json& old) {
       return number(spec, "requiredApprovals") >= number(old, "requiredApprovals");
     }},
};

}  // namespace

const Json& update_request_schema() {
  static const Json kParsed = Json::parse(kSchema);
  return kParsed;
}

std::vector<std::string> update_request_rule_messages() {
  std::vector<std::string> messages;
  for (const Rule& rule : kRules) messages.emplace_back(rule.message);
  return messages;
}

std::vector<Cause> check_update_request_rules(const Json& next, const Json* old) {
  std::vector<Cause> causes;
  const Json& spec = next.at("spec");
  const Json* old_spec = old != nullptr ? find_at(*old, {"spec"}) : nullptr;
  for (const Rule& rule : kRules) {
    if (rule.transition && old_spec == nullptr) continue;
    if (!rule.holds(spec, old_spec != nullptr ? *old_spec : spec)) {
      causes.push_back({"FieldValueInvalid", "spec", std::string("Invalid value: ") + rule.message});
    }
  }
  return causes;
}

}  // namespace headwind::fake
