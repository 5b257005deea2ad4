// SPDX-License-Identifier: Apache-2.0
#include "workloads/generic/presets.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace headwind::workloads::generic {
namespace {

struct Preset {
  std::string_view name, settings;
};

// The phase is Argo's own verdict, good only for the generation it has observed, which it writes as a text. It is
// Paused at a step of a canary, too. A Rollout with workloadRef has no template, and so no slots.
constexpr Preset argo_rollout{"argo-rollout", R"({
  "group": "argoproj.io", "versions": ["v1alpha1"], "kind": "Rollout", "plural": "rollouts",
  "images": [{"path": "$.spec.template.spec.containers[*].image", "name": "name"},
             {"path": "$.spec.template.spec.initContainers[*].image", "name": "name"}],
  "pods": {"label": "rollouts-pod-template-hash", "equalsPath": "$.status.currentPodHash", "through": "ReplicaSet"},
  "replicas": {"ready": "$.status.availableReplicas", "wanted": "$.spec.replicas"},
  "ready": [{"path": "$.status.observedGeneration", "equalsPath": "$.metadata.generation"},
            {"path": "$.status.phase", "equals": "Healthy", "message": "$.status.message"}],
  "failed": [{"path": "$.status.phase", "equals": "Degraded", "message": "$.status.message"}],
  "held": [{"path": "$.status.phase", "equals": "Paused", "message": "$.status.message"},
           {"path": "$.spec.paused", "equals": true},
           {"path": "$.spec.replicas", "equals": 0, "message": "it is scaled to zero: nothing is proven"}]
})"};

// ConfigurationsReady tells of the new revision; Ready is False, too, where only its route has trouble.
constexpr Preset knative_service{"knative-service", R"({
  "group": "serving.knative.dev", "versions": ["v1"], "kind": "Service", "plural": "services",
  "images": [{"path": "$.spec.template.spec.containers[*].image", "name": "name"},
             {"path": "$.spec.template.spec.initContainers[*].image", "name": "name"}],
  "ready": [{"path": "$.status.observedGeneration", "equalsPath": "$.metadata.generation"},
            {"path": "$.status.latestReadyRevisionName", "equalsPath": "$.status.latestCreatedRevisionName"},
            {"condition": "Ready"}],
  "failed": [{"condition": "ConfigurationsReady", "status": "False"}]
})"};

// Its status names no generation, but the image that is rolled out.
constexpr Preset cnpg_cluster{"cnpg-cluster", R"({
  "group": "postgresql.cnpg.io", "versions": ["v1"], "kind": "Cluster", "plural": "clusters",
  "images": [{"path": "$.spec.imageName", "slot": "postgres"}],
  "replicas": {"ready": "$.status.readyInstances", "wanted": "$.spec.instances"},
  "ready": [{"path": "$.status.image", "equalsPath": "$.spec.imageName"},
            {"path": "$.status.phase", "equals": "Cluster in healthy state", "message": "$.status.phaseReason"},
            {"path": "$.status.readyInstances", "atLeast": "$.spec.instances"}],
  "failed": [{"path": "$.status.phase", "message": "$.status.phaseReason",
              "in": ["Cluster is unrecoverable and needs manual intervention", "Invalid cluster definition",
                     "Unable to create required cluster objects",
                     "Cluster has incomplete or invalid image catalog",
                     "Cluster cannot execute instance online upgrade due to missing architecture binary"]}],
  "held": [{"path": "$.status.phase", "in": ["Waiting for user action", "Cluster upgrade delayed"],
            "message": "$.status.phaseReason"},
           {"condition": "cnpg.io/hibernation"}]
})"};

// expectedUpdatedReplicas is left out where it is zero: the partition keeps all pods, or none are wanted.
constexpr Preset openkruise_cloneset{"openkruise-cloneset", R"({
  "group": "apps.kruise.io", "versions": ["v1beta1", "v1alpha1"], "kind": "CloneSet", "plural": "clonesets",
  "images": [{"path": "$.spec.template.spec.containers[*].image", "name": "name"},
             {"path": "$.spec.template.spec.initContainers[*].image", "name": "name"}],
  "pods": {"label": "controller-revision-hash", "equalsPath": "$.status.updateRevision"},
  "replicas": {"ready": "$.status.updatedReadyReplicas", "wanted": "$.status.expectedUpdatedReplicas"},
  "ready": [{"path": "$.status.observedGeneration", "equalsPath": "$.metadata.generation"},
            {"path": "$.status.updatedReplicas", "atLeast": "$.status.expectedUpdatedReplicas"},
            {"path": "$.status.updatedAvailableReplicas", "atLeast": "$.status.expectedUpdatedReplicas"}],
  "failed": [{"condition": "Progressing", "status": "False", "reason": ["ProgressDeadlineExceeded"]}],
  "held": [{"path": "$.spec.updateStrategy.paused", "equals": true},
           {"path": "$.spec.updateStrategy.rollingUpdate.paused", "equals": true},
           {"path": "$.spec.updateStrategy.type", "equals": "OnDelete"},
           {"path": "$.status.expectedUpdatedReplicas", "exists": false, "message": "no pod is to be updated"}]
})"};

constexpr std::array presets{argo_rollout, cnpg_cluster, knative_service, openkruise_cloneset};

}  // namespace

nlohmann::json preset(std::string_view name) {
  for (const Preset& one : presets)
    if (one.name == name) return nlohmann::json::parse(one.settings);
  return nullptr;
}

std::string preset_names() {
  std::string out;
  for (const Preset& one : presets) out += (out.empty() ? "" : ", ") + std::string(one.name);
  return out;
}

}  // namespace headwind::workloads::generic
