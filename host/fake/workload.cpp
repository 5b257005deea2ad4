// SPDX-License-Identifier: Apache-2.0
#include "fake/workload.hpp"

#include <array>
#include <set>
#include <string>

namespace headwind::fake {
namespace {

void set_default(Json& object, const char* name, Json value) {
  if (!object.contains(name)) object[name] = std::move(value);
}

void default_container(Json& container) {
  if (!container.is_object()) return;
  const std::string image = text_at(container, {"image"});
  const std::size_t colon = image.rfind(':');
  const std::size_t slash = image.rfind('/');
  const bool tagged = colon != std::string::npos && (slash == std::string::npos || colon > slash);
  const bool floating = image.find('@') == std::string::npos && (!tagged || image.substr(colon) == ":latest");
  set_default(container, "imagePullPolicy", floating ? "Always" : "IfNotPresent");
  set_default(container, "resources", Json::object());
  set_default(container, "terminationMessagePath", "/dev/termination-log");
  set_default(container, "terminationMessagePolicy", "File");
}

void check_containers(const Json& pod, const char* list, bool required, std::vector<Cause>& causes) {
  const std::string path = std::string("spec.template.spec.") + list;
  const Json* containers = find_at(pod, {list});
  if (containers == nullptr || !containers->is_array() || containers->empty()) {
    if (required) causes.push_back({"FieldValueRequired", path, "Required value"});
    return;
  }
  std::set<std::string> names;
  for (std::size_t at = 0; at < containers->size(); ++at) {
    const std::string here = path + "[" + std::to_string(at) + "].";
    const std::string name = text_at((*containers)[at], {"name"});
    if (name.empty()) causes.push_back({"FieldValueRequired", here + "name", "Required value"});
    if (!name.empty() && !names.insert(name).second) {
      causes.push_back({"FieldValueDuplicate", here + "name", "Duplicate value: \"" + name + "\""});
    }
    const std::string image = text_at((*containers)[at], {"image"});
    if (image.empty()) {
      causes.push_back({"FieldValueRequired", here + "image", "Required value"});
    } else if (image.front() == ' ' || image.back() == ' ') {
      const std::string why = "Invalid value: \"" + image + "\": must not have leading or trailing whitespace";
      causes.push_back({"FieldValueInvalid", here + "image", why});
    }
  }
}

bool selects(const Json& selector, const Json& labels) {
  for (const auto& [key, value] : selector.items()) {
    const Json* found = find_at(labels, {key});
    if (found == nullptr || *found != value) return false;
  }
  return true;
}

}  // namespace

bool is_workload(const ResourceType& type) { return type.group == "apps"; }

void default_workload(const ResourceType& type, Json& object) {
  Json& spec = object_at(object, "spec");
  if (type.kind != "DaemonSet") set_default(spec, "replicas", 1);
  if (type.kind != "ReplicaSet") set_default(spec, "revisionHistoryLimit", 10);
  if (type.kind == "Deployment") {
    set_default(spec, "progressDeadlineSeconds", 600);
    set_default(spec, "strategy",
                {{"type", "RollingUpdate"}, {"rollingUpdate", {{"maxUnavailable", "25%"}, {"maxSurge", "25%"}}}});
  } else if (type.kind == "StatefulSet") {
    set_default(spec, "podManagementPolicy", "OrderedReady");
    set_default(spec, "updateStrategy", {{"type", "RollingUpdate"}, {"rollingUpdate", {{"partition", 0}}}});
  } else if (type.kind == "DaemonSet") {
    set_default(spec, "updateStrategy",
                {{"type", "RollingUpdate"}, {"rollingUpdate", {{"maxSurge", 0}, {"maxUnavailable", 1}}}});
  }
  Json& pod = object_at(object_at(spec, "template"), "spec");
  set_default(pod, "restartPolicy", "Always");
  set_default(pod, "terminationGracePeriodSeconds", 30);
  set_default(pod, "dnsPolicy", "ClusterFirst");
  set_default(pod, "securityContext", Json::object());
  set_default(pod, "schedulerName", "default-scheduler");
  for (const char* list : {"containers", "initContainers"}) {
    if (!pod.contains(list) || !pod[list].is_array()) continue;
    for (Json& container : pod[list]) default_container(container);
  }
  set_default(object, "status", Json::object());
}

std::vector<Cause> validate_workload(const Json& object, const Json* old) {
  std::vector<Cause> causes;
  static const Json kNothing = Json::object();
  const Json* selector = find_at(object, {"spec", "selector"});
  const Json* labels = find_at(object, {"spec", "template", "metadata", "labels"});
  const Json* match = find_at(object, {"spec", "selector", "matchLabels"});
  if (selector == nullptr) causes.push_back({"FieldValueRequired", "spec.selector", "Required value"});
  if (selector == nullptr || (match != nullptr && !selects(*match, labels != nullptr ? *labels : kNothing))) {
    const std::string shown = labels != nullptr ? labels->dump() : "null";
    causes.push_back({"FieldValueInvalid", "spec.template.metadata.labels",
                      "Invalid value: " + shown + ": `selector` does not match template `labels`"});
  }
  const Json* pod = find_at(object, {"spec", "template", "spec"});
  check_containers(pod != nullptr ? *pod : kNothing, "containers", true, causes);
  check_containers(pod != nullptr ? *pod : kNothing, "initContainers", false, causes);
  const Json* old_selector = old != nullptr ? find_at(*old, {"spec", "selector"}) : nullptr;
  if (old_selector != nullptr && selector != nullptr && *old_selector != *selector) {
    causes.push_back(
        {"FieldValueInvalid", "spec.selector", "Invalid value: " + selector->dump() + ": field is immutable"});
  }
  return causes;
}

}  // namespace headwind::fake
