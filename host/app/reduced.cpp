// SPDX-License-Identifier: Apache-2.0
#include "app/reduced.hpp"

#include <initializer_list>
#include <nlohmann/json.hpp>

namespace headwind::app {
namespace {

using nlohmann::json;

json only(const json& object, std::initializer_list<const char*> keys) {
  json kept = json::object();
  for (const char* key : keys)
    if (object.is_object() && object.contains(key)) kept[key] = object.at(key);
  return kept;
}

json reduced_pod_spec(const json& spec) {
  json kept = only(spec, {"nodeName", "restartPolicy", "readinessGates"});
  for (const char* list : {"initContainers", "containers"}) {
    if (!spec.contains(list) || !spec.at(list).is_array()) continue;
    json& containers = kept[list] = json::array();
    for (const json& container : spec.at(list))
      containers.push_back(only(container, {"name", "image", "restartPolicy"}));
  }
  return kept;
}

void forget_what_it_wrote(json& state) {
  if (state.is_object() && state.contains("terminated") && state["terminated"].is_object())
    state["terminated"].erase("message");
}

json reduced_container_status(const json& status) {
  json kept = only(status, {"name", "image", "imageID", "ready", "restartCount", "started", "state", "lastState"});
  for (const char* when : {"state", "lastState"})
    if (kept.contains(when)) forget_what_it_wrote(kept[when]);
  return kept;
}

void reduce_pod(json& pod) {
  pod["spec"] = reduced_pod_spec(pod["spec"]);
  if (pod.contains("metadata") && pod["metadata"].is_object()) pod["metadata"].erase("annotations");
  if (!pod.contains("status") || !pod["status"].is_object()) return;
  for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
    if (!pod["status"].contains(list) || !pod["status"][list].is_array()) continue;
    for (json& status : pod["status"][list]) status = reduced_container_status(status);
  }
  pod["status"].erase("ephemeralContainerStatuses");
}

}  // namespace

std::string reduced(const std::string& object) {
  json whole = json::parse(object, nullptr, false);
  if (!whole.is_object()) return object;
  if (whole.contains("metadata") && whole["metadata"].is_object()) {
    json& metadata = whole["metadata"];
    metadata.erase("managedFields");
    if (metadata.contains("annotations") && metadata["annotations"].is_object())
      metadata["annotations"].erase("kubectl.kubernetes.io/last-applied-configuration");
  }
  if (whole.contains("/spec/containers"_json_pointer))
    reduce_pod(whole);
  else if (const auto pods = "/spec/template/spec"_json_pointer; whole.contains(pods) && whole.at(pods).is_object())
    whole.at(pods) = reduced_pod_spec(whole.at(pods));
  return whole.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace headwind::app
