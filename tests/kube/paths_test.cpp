// SPDX-License-Identifier: Apache-2.0
#include "kube/paths.hpp"

#include <gtest/gtest.h>

namespace headwind::kube {
namespace {

TEST(Paths, AreThoseOfTheApi) {
  EXPECT_EQ(collection_path(kDeployments), "/apis/apps/v1/deployments");
  EXPECT_EQ(collection_path(kConfigMaps, "shop"), "/api/v1/namespaces/shop/configmaps");
  EXPECT_EQ(object_path(kUpdateRequests, "shop", "web", "status"),
            "/apis/headwind.sh/v1alpha1/namespaces/shop/updaterequests/web/status");
  EXPECT_EQ(object_path(kDefinitions, {}, "updaterequests.headwind.sh"),
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/updaterequests.headwind.sh");
}

TEST(Paths, LetNoNameReachAnotherObject) {
  EXPECT_EQ(object_path(kSecrets, "a/../b", ".."), "/api/v1/namespaces/a%2F..%2Fb/secrets/%2E%2E");
  EXPECT_EQ(object_path(kPods, "a", "b?watch=true#x"), "/api/v1/namespaces/a/pods/b%3Fwatch%3Dtrue%23x");
}

TEST(Paths, LeaveOutEmptyParameters) {
  EXPECT_EQ(with_query("/p", {{"a", ""}, {"b", "x=y"}, {"c", "1"}}), "/p?b=x%3Dy&c=1");
  EXPECT_EQ(with_query("/p?z=1", {{"a", "2"}}), "/p?z=1&a=2");
}

TEST(Operation, IsNamedAsAuditLogsDo) {
  const struct {
    const char *method, *path, *verb, *resource;
  } cases[] = {{"GET", "/api/v1/namespaces/a/configmaps/b", "get", "configmaps"},
               {"GET", "/apis/apps/v1/deployments?limit=500", "list", "deployments"},
               {"GET", "/apis/apps/v1/deployments?watch=true", "watch", "deployments"},
               {"POST", "/apis/authentication.k8s.io/v1/tokenreviews", "create", "tokenreviews"},
               {"PATCH", "/apis/apps/v1/namespaces/a/deployments/b", "patch", "deployments"},
               {"DELETE", "/apis/headwind.sh/v1alpha1/namespaces/a/updaterequests/b", "delete", "updaterequests"},
               {"GET", "/api/v1/namespaces/shop", "get", "namespaces"},
               {"GET", "/version", "list", "other"}};
  for (const auto& [method, path, verb, resource] : cases) {
    EXPECT_EQ(operation_of(method, path).verb, verb) << path;
    EXPECT_EQ(operation_of(method, path).resource, resource) << path;
  }
}

}  // namespace
}  // namespace headwind::kube
