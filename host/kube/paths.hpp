// SPDX-License-Identifier: Apache-2.0
// Paths of the Kubernetes API. Everything that is put into one is percent-encoded, so names may come from outside.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headwind::kube {

// A kind of object as URLs name it.
struct Resource {
  std::string_view group;  // empty: the core group
  std::string_view version;
  std::string_view plural;
};

inline constexpr Resource kDeployments{"apps", "v1", "deployments"};
inline constexpr Resource kStatefulSets{"apps", "v1", "statefulsets"};
inline constexpr Resource kDaemonSets{"apps", "v1", "daemonsets"};
inline constexpr Resource kReplicaSets{"apps", "v1", "replicasets"};
inline constexpr Resource kUpdateRequests{"headwind.sh", "v1alpha1", "updaterequests"};
inline constexpr Resource kDefinitions{"apiextensions.k8s.io", "v1", "customresourcedefinitions"};
inline constexpr Resource kConfigMaps{"", "v1", "configmaps"};
inline constexpr Resource kSecrets{"", "v1", "secrets"};
inline constexpr Resource kServiceAccounts{"", "v1", "serviceaccounts"};
inline constexpr Resource kNamespaces{"", "v1", "namespaces"};
inline constexpr Resource kPods{"", "v1", "pods"};
inline constexpr Resource kEvents{"", "v1", "events"};
inline constexpr Resource kLeases{"coordination.k8s.io", "v1", "leases"};
inline constexpr Resource kAdmissionPolicies{"admissionregistration.k8s.io", "v1", "validatingadmissionpolicies"};
inline constexpr Resource kAdmissionPolicyBindings{"admissionregistration.k8s.io", "v1",
                                                   "validatingadmissionpolicybindings"};
inline constexpr Resource kTokenReviews{"authentication.k8s.io", "v1", "tokenreviews"};
inline constexpr Resource kSubjectAccessReviews{"authorization.k8s.io", "v1", "subjectaccessreviews"};
inline constexpr Resource kSelfSubjectAccessReviews{"authorization.k8s.io", "v1", "selfsubjectaccessreviews"};

// "/apis/apps/v1/deployments", or ".../namespaces/shop/deployments". An empty namespace: all of them, or a kind that
// has none.
std::string collection_path(const Resource& resource, std::string_view name_space = {});
// "/apis/apps/v1/namespaces/shop/deployments/web"; with a subresource ".../web/status".
std::string object_path(const Resource& resource, std::string_view name_space, std::string_view name,
                        std::string_view subresource = {});
// `path` and a query; parameters with an empty value are left out.
std::string with_query(std::string path, const std::vector<std::pair<std::string_view, std::string>>& parameters);
// RFC 3986: all but the unreserved characters as %XX.
std::string percent_encode(std::string_view text);

// What a request is about, for metrics: {"patch", "updaterequests/status"}, {"list", "deployments"}.
struct Operation {
  std::string verb, resource;
};
Operation operation_of(std::string_view method, std::string_view path);

// A path without its query, with {namespace} and {name} in place of such: "/api/v1/namespaces/{namespace}/pods/{name}".
struct PathTemplate {
  std::string text, name_space;
};
PathTemplate template_of(std::string_view path);

}  // namespace headwind::kube
