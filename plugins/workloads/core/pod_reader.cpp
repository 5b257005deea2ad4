// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/pod_reader.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "workloads/core/container_state.hpp"
#include "workloads/core/sentence.hpp"

namespace headwind::workloads {
namespace {

constexpr std::size_t max_containers = 256, max_items = 64;

Value condition_of(Value status, std::string_view type) {
  Value found = simdjson::NO_SUCH_FIELD;
  each(status["conditions"], max_items, [&](Value condition) {
    if (text_of(condition["type"]) == type) found = condition;
  });
  return found;
}

bool is_true(Value condition) { return text_of(condition["status"]) == "True"; }

std::vector<std::string_view> sidecars_of(Value spec) {
  std::vector<std::string_view> out;
  each(spec["initContainers"], max_containers, [&](Value container) {
    if (text_of(container["restartPolicy"]) == "Always") out.push_back(text_of(container["name"]));
  });
  return out;
}

// A pod whose containers are restarted always ends only where its node ends it, and the kubelet says why. One that
// ended without a reason ended by its own container.
bool was_ended(Value status) {
  const auto phase = text_of(status["phase"]);
  return phase == "Succeeded" || (phase == "Failed" && (!text_of(status["reason"]).empty() ||
                                                        is_true(condition_of(status, "DisruptionTarget"))));
}

void take(std::string& slot, const std::string& who, const std::string& what) {
  if (slot.empty() && !what.empty()) slot = who + what;
}

void read_containers(Value root, Pod& out) {
  const Value status = root["status"];
  const bool final = text_of(status["phase"]) == "Failed";
  const auto sidecars = sidecars_of(root["spec"]);
  const auto read_list = [&](const char* list, bool init) {
    each(status[list], max_containers, [&](Value container) {
      const auto name = text_of(container["name"]);
      const bool sidecar = init && std::find(sidecars.begin(), sidecars.end(), name) != sidecars.end();
      const ContainerState state = read_container(container,
                                                  sidecar ? Role::sidecar
                                                  : init  ? Role::init
                                                          : Role::main,
                                                  final);
      const std::string who =
          "pod " + out.name + ": " + (init && !sidecar ? "init container " : "container ") + cut(name, 63) + ": ";
      take(out.failure, who, state.failure);
      take(out.restarted, who, state.restarted);
      take(out.pending, who, state.pending);
    });
  };
  read_list("initContainerStatuses", true);
  read_list("containerStatuses", false);
}

// What stands above the containers: a place to run, and the gates of readiness.
std::string unplaced(Value status) {
  const Value scheduled = condition_of(status, "PodScheduled");
  if (text_of(scheduled["status"]) != "False") return {};
  const auto message = text_of(scheduled["message"]);
  return "cannot be scheduled" + (message.empty() ? std::string() : ": " + quote(message));
}

std::string unready(Value status) {
  simdjson::dom::array started;
  if (status["containerStatuses"].get(started)) return "is not started yet";
  const Value ready = condition_of(status, "Ready");
  const auto message = text_of(ready["message"]);
  return "is not ready" + (message.empty() ? std::string() : ": " + quote(message));
}

}  // namespace

std::string owner_of(Value metadata) {
  std::string first, controller;
  each(metadata["ownerReferences"], max_items, [&](Value owner) {
    if (first.empty()) first = kept(owner["uid"]);
    if (bool_of(owner["controller"], false)) controller = kept(owner["uid"]);
  });
  return controller.empty() ? first : controller;
}

Pod read_pod(Value root) {
  const Value metadata = root["metadata"], labels = metadata["labels"], status = root["status"];
  Pod out;
  out.name = cut(text_of(metadata["name"]), 253);
  out.owner = owner_of(metadata);
  out.created = kept(metadata["creationTimestamp"]);
  out.template_hash = kept(labels["pod-template-hash"]);
  out.revision_hash = kept(labels["controller-revision-hash"]);
  out.template_generation = count_in(text_of(labels["pod-template-generation"]));
  out.leaving = !text_of(metadata["deletionTimestamp"]).empty() || was_ended(status);
  if (out.leaving) return out;
  read_containers(root, out);
  out.leaving = out.failure.empty() && text_of(status["phase"]) == "Failed";
  if (const std::string why = unplaced(status); !why.empty()) out.pending = "pod " + out.name + ": " + why;
  out.ready = out.failure.empty() && out.pending.empty() && is_true(condition_of(status, "Ready"));
  if (!out.ready && out.pending.empty()) out.pending = "pod " + out.name + ": " + unready(status);
  return out;
}

}  // namespace headwind::workloads
