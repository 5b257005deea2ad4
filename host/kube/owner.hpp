// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace headwind::kube {

// Who else writes an object, by the marks that they leave on it:
//   Flux      labels kustomize.toolkit.fluxcd.io/name and helm.toolkit.fluxcd.io/name, or its controllers as managers
//   Argo CD   annotation argocd.argoproj.io/tracking-id, label argocd.argoproj.io/instance, or as a manager
//   Helm      label app.kubernetes.io/managed-by: Helm with annotation meta.helm.sh/release-name
// As people name it: "Flux Kustomization flux-system/apps", "Argo CD application shop", "Helm release web". Empty:
// nobody is known.
std::string owner_of(std::string_view json);

}  // namespace headwind::kube
