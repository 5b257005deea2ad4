// SPDX-License-Identifier: Apache-2.0
#include "kube/owner.hpp"

#include <gtest/gtest.h>

namespace headwind::kube {
namespace {

TEST(Owner, flux_argo_and_helm_leave_their_marks) {
  EXPECT_EQ(owner_of(R"({"metadata": {"labels": {"kustomize.toolkit.fluxcd.io/name": "apps",
                         "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}}})"),
            "Flux Kustomization flux-system/apps");
  EXPECT_EQ(owner_of(R"({"metadata": {"labels": {"helm.toolkit.fluxcd.io/name": "web",
                         "app.kubernetes.io/managed-by": "Helm"},
                         "annotations": {"meta.helm.sh/release-name": "web"}}})"),
            "Flux HelmRelease web");
  EXPECT_EQ(owner_of(R"({"metadata": {"annotations":
                         {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:prod/web"}}})"),
            "Argo CD application shop");
  EXPECT_EQ(owner_of(R"({"metadata": {"labels": {"argocd.argoproj.io/instance": "shop"}}})"),
            "Argo CD application shop");
  EXPECT_EQ(owner_of(R"({"metadata": {"labels": {"app.kubernetes.io/managed-by": "Helm"}, "annotations":
                         {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "prod"}}})"),
            "Helm release prod/web");
}

TEST(Owner, a_controller_that_applies_the_spec_owns_it_without_a_label) {
  EXPECT_EQ(owner_of(R"({"metadata": {"managedFields": [{"manager": "argocd-controller", "operation": "Apply",
                         "fieldsV1": {"f:spec": {}}}]}})"),
            "Argo CD application");
  EXPECT_EQ(owner_of(R"({"metadata": {"managedFields": [{"manager": "kustomize-controller",
                         "fieldsV1": {"f:spec": {}}}]}})"),
            "Flux Kustomization");
}

TEST(Owner, others_own_nothing) {
  EXPECT_EQ(owner_of(R"({"metadata": {"name": "web"}})"), "");
  EXPECT_EQ(owner_of(R"({"metadata": {"managedFields": [{"manager": "kube-controller-manager",
                         "fieldsV1": {"f:status": {}}}, {"manager": "kubectl-client-side-apply",
                         "fieldsV1": {"f:spec": {}}}]}})"),
            "");
  // Only a status: Flux's helm-controller reports there.
  EXPECT_EQ(owner_of(R"({"metadata": {"managedFields": [{"manager": "helm-controller",
                         "fieldsV1": {"f:status": {}}}]}})"),
            "");
  EXPECT_EQ(owner_of(R"({"metadata": {"labels": {"app.kubernetes.io/managed-by": "Helm"}}})"), "")
      << "a label alone is copied into many manifests";
  EXPECT_EQ(owner_of("argocd"), "");
}

}  // namespace
}  // namespace headwind::kube
