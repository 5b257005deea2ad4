// SPDX-License-Identifier: Apache-2.0
#include "kube/owner.hpp"

#include "kube/object_parser.hpp"

namespace headwind::kube {
namespace {

using Value = simdjson::simdjson_result<simdjson::dom::element>;

std::string text(Value value) {
  std::string_view found;
  return value.get(found) ? std::string() : std::string(found.substr(0, 300));
}

std::string joined(const std::string& name_space, const std::string& name) {
  return name_space.empty() ? name : name_space + "/" + name;
}

// A GitOps controller that applies the object's spec, though it left no label.
std::string manager_of(Value entries) {
  simdjson::dom::array list;
  if (entries.get(list)) return {};
  for (const Value entry : list) {
    if (entry["fieldsV1"]["f:spec"].error()) continue;
    const std::string manager = text(entry["manager"]);
    if (manager == "kustomize-controller") return "Flux Kustomization";
    if (manager == "helm-controller") return "Flux HelmRelease";
    if (manager.starts_with("argocd-")) return "Argo CD application";
  }
  return {};
}

std::string argo_application(Value labels, Value annotations) {
  // "shop:apps/Deployment:prod/web"
  if (std::string tracking = text(annotations["argocd.argoproj.io/tracking-id"]); !tracking.empty())
    return tracking.substr(0, tracking.find(':'));
  return text(labels["argocd.argoproj.io/instance"]);
}

}  // namespace

std::string owner_of(std::string_view json) {
  const auto root = parse_object(json);
  return root ? owner_in(*root) : std::string();
}

std::string owner_in(simdjson::dom::element root) {
  const Value metadata = root["metadata"];
  const Value labels = metadata["labels"], annotations = metadata["annotations"];
  if (const std::string name = text(labels["kustomize.toolkit.fluxcd.io/name"]); !name.empty())
    return "Flux Kustomization " + joined(text(labels["kustomize.toolkit.fluxcd.io/namespace"]), name);
  if (const std::string name = text(labels["helm.toolkit.fluxcd.io/name"]); !name.empty())
    return "Flux HelmRelease " + joined(text(labels["helm.toolkit.fluxcd.io/namespace"]), name);
  if (const std::string name = argo_application(labels, annotations); !name.empty())
    return "Argo CD application " + name;
  if (std::string manager = manager_of(metadata["managedFields"]); !manager.empty()) return manager;
  if (text(labels["app.kubernetes.io/managed-by"]) == "Helm")
    if (const std::string name = text(annotations["meta.helm.sh/release-name"]); !name.empty())
      return "Helm release " + joined(text(annotations["meta.helm.sh/release-namespace"]), name);
  return {};
}

}  // namespace headwind::kube
