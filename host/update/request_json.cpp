// SPDX-License-Identifier: Apache-2.0
// UpdateRequest to and from the API server's JSON (deploy/10-crd.yaml).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "update/request.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

const json* member(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && !found->is_null() ? &*found : nullptr;
}

std::string text(const json& object, const char* key) {
  const json* value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

std::int64_t number(const json& object, const char* key) {
  const json* value = member(object, key);
  return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

std::int64_t moment(const json& object, const char* key) {
  const auto read = parse_rfc3339(text(object, key));
  return read ? *read : 0;
}

const json& section(const json& object, const char* key) {
  static const json none = json::object();
  const json* value = member(object, key);
  return value != nullptr && value->is_object() ? *value : none;
}

const json& list(const json& object, const char* key) {
  static const json none = json::array();
  const json* value = member(object, key);
  return value != nullptr && value->is_array() ? *value : none;
}

void read_metadata(const json& metadata, UpdateRequest& request) {
  request.key = {text(metadata, "namespace"), text(metadata, "name")};
  request.uid = text(metadata, "uid");
  request.resource_version = text(metadata, "resourceVersion");
  request.generation = number(metadata, "generation");
  request.created_ms = moment(metadata, "creationTimestamp");
  request.deleting = member(metadata, "deletionTimestamp") != nullptr;
  request.identity = text(section(metadata, "labels"), "headwind.sh/identity");
  const json& annotations = section(metadata, "annotations");
  request.trace = kept(text(annotations, "headwind.sh/traceparent"), text(annotations, "headwind.sh/tracestate"));
  request.notes = {text(annotations, "headwind.sh/approve"), text(annotations, "headwind.sh/reject"),
                   text(annotations, "headwind.sh/comment"), text(annotations, "headwind.sh/requested-by")};
}

void read_spec(const json& spec, UpdateRequest& request) {
  const json& target = section(spec, "targetRef");
  request.target_api_version = text(target, "apiVersion");
  request.target_kind = text(target, "kind");
  request.target_name = text(target, "name");
  request.target_namespace = text(target, "namespace");
  request.target_uid = text(target, "uid");
  request.update_type = text(spec, "updateType");
  request.container = text(spec, "containerName");
  request.slot = text(spec, "slot");
  request.current_image = text(spec, "currentImage");
  request.new_image = text(spec, "newImage");
  request.digest = text(spec, "digest");
  request.policy = text(spec, "policy");
  request.reason = text(spec, "reason");
  const json* approval = member(spec, "requireApproval");
  request.require_approval = approval == nullptr || !approval->is_boolean() || approval->get<bool>();
  request.required_approvals =
      static_cast<std::uint32_t>(std::clamp<std::int64_t>(number(spec, "requiredApprovals"), 1, most_approvals));
  if (const auto expiry = parse_rfc3339(text(spec, "expiresAt"))) request.expires_at_ms = *expiry;
  request.rollback = text(spec, "action") == "rollback";
  const json& rollback = section(spec, "rollback");
  request.rollback_image = text(rollback, "image");
  request.rollback_reason = text(rollback, "reason");
  request.rollback_by = text(rollback, "by");
}

void read_status(const json& status, UpdateRequest& request) {
  request.phase = phase_from(text(status, "phase"));
  request.approved_by = text(status, "approvedBy");
  request.rejected_by = text(status, "rejectedBy");
  request.message = text(status, "message");
  request.approved_at_ms = moment(status, "approvedAt");
  request.rejected_at_ms = moment(status, "rejectedAt");
  request.last_updated_ms = moment(status, "lastUpdated");
  request.approved_generation = number(status, "approvedGeneration");
  request.noted_revision = number(status, "notedRevision");
  for (const json& one : list(status, "approvals"))
    request.approvals.push_back({text(one, "by"), moment(one, "at"), text(one, "comment"), text(one, "digest")});
  for (const json& one : list(status, "conditions"))
    request.conditions.push_back({text(one, "type"), text(one, "status"), text(one, "reason"), text(one, "message"),
                                  moment(one, "lastTransitionTime")});
}

}  // namespace

Result<UpdateRequest> request_from_json(std::string_view text_of_object) {
  json object = json::parse(text_of_object, nullptr, false);
  if (!object.is_object() || !object.contains("metadata") || !object["metadata"].is_object())
    return make_error(Code::invalid, "an UpdateRequest is not a JSON object with metadata");
  UpdateRequest request;
  read_metadata(object["metadata"], request);
  read_spec(section(object, "spec"), request);
  read_status(section(object, "status"), request);
  for (const auto& [field, value] : {std::pair<const char*, const std::string*>{"metadata.name", &request.key.name},
                                     {"spec.targetRef.kind", &request.target_kind},
                                     {"spec.targetRef.name", &request.target_name},
                                     {"spec.newImage", &request.new_image}})
    if (value->empty())
      return make_error(Code::invalid,
                        "UpdateRequest " + request.key.text() + ": " + field + " is missing or not a string");
  const bool as_it_is = object["metadata"].erase("managedFields") == 0;
  request.json = as_it_is ? std::string(text_of_object) : object.dump(-1, ' ', false, json::error_handler_t::replace);
  return request;
}

std::string request_to_json(const UpdateRequest& request) {
  json metadata = {{"namespace", request.key.name_space}, {"name", request.key.name}};
  if (!request.identity.empty()) metadata["labels"] = {{"headwind.sh/identity", request.identity}};
  const KeptTrace trace = keep(request.trace);
  if (!trace.traceparent.empty()) metadata["annotations"]["headwind.sh/traceparent"] = trace.traceparent;
  if (!trace.tracestate.empty()) metadata["annotations"]["headwind.sh/tracestate"] = trace.tracestate;
  json target = {{"apiVersion", request.target_api_version},
                 {"kind", request.target_kind},
                 {"name", request.target_name},
                 {"namespace", request.target_namespace}};
  json spec = {{"updateType", request.update_type},
               {"currentImage", request.current_image},
               {"newImage", request.new_image},
               {"policy", request.policy},
               {"requireApproval", request.require_approval}};
  const auto put = [](json& object, const char* key, const std::string& value) {
    if (!value.empty()) object[key] = value;
  };
  put(target, "uid", request.target_uid);
  spec["targetRef"] = std::move(target);
  put(spec, "containerName", request.container);
  put(spec, "slot", request.slot);
  put(spec, "digest", request.digest);
  put(spec, "reason", request.reason);
  if (request.required_approvals > 1) spec["requiredApprovals"] = request.required_approvals;
  if (request.expires_at_ms) spec["expiresAt"] = format_rfc3339(*request.expires_at_ms);
  if (request.rollback) {
    spec["action"] = "rollback";
    json rollback = {{"image", request.rollback_image}};
    put(rollback, "reason", request.rollback_reason);
    put(rollback, "by", request.rollback_by);
    spec["rollback"] = std::move(rollback);
  }
  const json object = {{"apiVersion", "headwind.sh/v1alpha1"},
                       {"kind", "UpdateRequest"},
                       {"metadata", std::move(metadata)},
                       {"spec", std::move(spec)}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace headwind::update
