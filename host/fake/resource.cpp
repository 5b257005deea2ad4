// SPDX-License-Identifier: Apache-2.0
#include "fake/resource.hpp"

#include <array>

namespace headwind::fake {
namespace {

constexpr auto kGenerationOfDeployments = Generation::spec_and_annotations;  // as upstream: an annotation moves it too
constexpr auto kSpec = Generation::spec;
constexpr auto kNone = Generation::none;

// group, version, plural, singular, kind, short names, namespaced, status, stored, custom, generation
constexpr std::array kTypes = {
    ResourceType{"", "v1", "namespaces", "namespace", "Namespace", "ns", false, true, true, false, kNone},
    ResourceType{"", "v1", "nodes", "node", "Node", "no", false, true, true, false, kNone},
    ResourceType{"", "v1", "pods", "pod", "Pod", "po", true, true, true, false, kSpec},
    ResourceType{"", "v1", "configmaps", "configmap", "ConfigMap", "cm", true, false, true, false, kNone},
    ResourceType{"", "v1", "secrets", "secret", "Secret", "", true, false, true, false, kNone},
    ResourceType{"", "v1", "serviceaccounts", "serviceaccount", "ServiceAccount", "sa", true, false, true, false,
                 kNone},
    ResourceType{"", "v1", "events", "event", "Event", "ev", true, false, true, false, kNone},
    ResourceType{"events.k8s.io", "v1", "events", "event", "Event", "ev", true, false, true, false, kNone},
    ResourceType{"apps", "v1", "deployments", "deployment", "Deployment", "deploy", true, true, true, false,
                 kGenerationOfDeployments},
    ResourceType{"apps", "v1", "replicasets", "replicaset", "ReplicaSet", "rs", true, true, true, false, kSpec},
    ResourceType{"apps", "v1", "statefulsets", "statefulset", "StatefulSet", "sts", true, true, true, false, kSpec},
    ResourceType{"apps", "v1", "daemonsets", "daemonset", "DaemonSet", "ds", true, true, true, false, kSpec},
    ResourceType{"coordination.k8s.io", "v1", "leases", "lease", "Lease", "", true, false, true, false, kNone},
    ResourceType{"headwind.sh", "v1alpha1", "updaterequests", "updaterequest", "UpdateRequest", "ur,upd", true, true,
                 true, true, kSpec},
    ResourceType{"authentication.k8s.io", "v1", "tokenreviews", "tokenreview", "TokenReview", "", false, false, false,
                 false, kNone},
    ResourceType{"authorization.k8s.io", "v1", "subjectaccessreviews", "subjectaccessreview", "SubjectAccessReview", "",
                 false, false, false, false, kNone},
    ResourceType{"authorization.k8s.io", "v1", "selfsubjectaccessreviews", "selfsubjectaccessreview",
                 "SelfSubjectAccessReview", "", false, false, false, false, kNone},
};

}  // namespace

std::string ResourceType::api_version() const {
  return group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
}

std::string ResourceType::qualified_name() const {
  return group.empty() ? std::string(plural) : std::string(plural) + "." + std::string(group);
}

std::string ResourceType::qualified_kind() const {
  return group.empty() ? std::string(kind) : std::string(kind) + "." + std::string(group);
}

std::span<const ResourceType> resource_types() { return kTypes; }

const ResourceType* find_resource(std::string_view group, std::string_view version, std::string_view plural) {
  for (const ResourceType& type : kTypes) {
    if (type.group == group && type.version == version && type.plural == plural) return &type;
  }
  return nullptr;
}

const ResourceType* find_kind(std::string_view api_version, std::string_view kind) {
  for (const ResourceType& type : kTypes) {
    if (type.kind == kind && type.api_version() == api_version) return &type;
  }
  return nullptr;
}

const ResourceType* find_resource_by_name(std::string_view name) {
  for (const ResourceType& type : kTypes) {
    if (type.plural == name) return &type;
  }
  for (const ResourceType& type : kTypes) {
    if (type.qualified_name() == name) return &type;
  }
  return nullptr;
}

}  // namespace headwind::fake
