// SPDX-License-Identifier: Apache-2.0
// What the shipped roles grant. That it is all of what is used, and no more, shows on the real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "deploy/manifests.hpp"

namespace headwind::deploy {
namespace {

using nlohmann::json;
using Grants = std::map<std::string, std::set<std::string>>;  // "group/resource" -> verbs

Grants grants_of(const std::string& kind, const std::string& name) {
  Grants grants;
  const auto all = manifests();
  for (const json& rule : one(all, kind, name).object["rules"])
    for (const json& group : rule["apiGroups"])
      for (const json& resource : rule["resources"])
        for (const json& verb : rule["verbs"])
          grants[group.get<std::string>() + "/" + resource.get<std::string>()].insert(verb.get<std::string>());
  return grants;
}

TEST(Rbac, NothingIsGrantedByAWildcardAndSecretsAreReadOneByOneByHeadwindAlone) {
  for (const Manifest& manifest : manifests()) {
    if (manifest.kind() != "ClusterRole" && manifest.kind() != "Role") continue;
    for (const auto& [resource, verbs] : grants_of(manifest.kind(), manifest.name())) {
      EXPECT_EQ(resource.find('*'), std::string::npos) << manifest.name() << ": " << resource;
      EXPECT_FALSE(verbs.contains("*")) << manifest.name() << ": " << resource;
      if (resource == "/secrets" || resource == "/serviceaccounts") {
        EXPECT_EQ(manifest.kind() + " " + manifest.name(), "ClusterRole headwind");
        EXPECT_EQ(verbs, (std::set<std::string>{"get"})) << "neither listed nor watched";
      }
    }
  }
}

TEST(Rbac, WorkloadsAreWatchedAndPatchedButNeverCreatedOrDeleted) {
  const Grants grants = grants_of("ClusterRole", "headwind");
  for (const char* workloads :
       {"apps/deployments", "apps/statefulsets", "apps/daemonsets", "helm.toolkit.fluxcd.io/helmreleases"})
    EXPECT_EQ(grants.at(workloads), (std::set<std::string>{"get", "list", "watch", "patch"})) << workloads;
  EXPECT_EQ(grants.at("batch/cronjobs"), (std::set<std::string>{"get", "list", "watch", "patch"}));
  EXPECT_EQ(grants.at("apps/replicasets"), (std::set<std::string>{"list", "watch"}));
  EXPECT_EQ(grants.at("/pods"), (std::set<std::string>{"list", "watch", "delete"})) << "never changed, never made";
  EXPECT_EQ(grants.at("/namespaces"), (std::set<std::string>{"list", "watch"}));
}

TEST(Rbac, OnlyHeadwindItselfMayWriteTheStatusOfARequest) {
  for (const Manifest& manifest : manifests()) {
    if (manifest.kind() != "ClusterRole" && manifest.kind() != "Role") continue;
    const Grants grants = grants_of(manifest.kind(), manifest.name());
    EXPECT_EQ(grants.contains("headwind.sh/updaterequests/status"),
              manifest.kind() == "ClusterRole" && manifest.name() == "headwind")
        << manifest.name();
  }
}

TEST(Rbac, AViewerReadsAndAnApproverApprovesAndRollsBackWithoutWritingObjects) {
  const std::set<std::string> reads{"get", "list", "watch"};
  std::set<std::string> orders = reads;
  orders.insert({"approve", "rollback"});
  EXPECT_EQ(grants_of("ClusterRole", "headwind-viewer"), (Grants{{"headwind.sh/updaterequests", reads}}));
  EXPECT_EQ(grants_of("ClusterRole", "headwind-approver"), (Grants{{"headwind.sh/updaterequests", orders}}));
  EXPECT_EQ(grants_of("ClusterRole", "headwind-admin"), (Grants{{"headwind.sh/loglevels", {"update"}}}));
}

TEST(Rbac, TheRolesAreBoundToTheServiceAccountThatTheDeploymentUses) {
  const auto all = manifests();
  const auto account = one(all, "Deployment", "headwind").object["spec"]["template"]["spec"]["serviceAccountName"];
  EXPECT_NO_THROW(one(all, "ServiceAccount", account));
  int bindings = 0;
  for (const Manifest& manifest : all) {
    if (manifest.kind() != "ClusterRoleBinding" && manifest.kind() != "RoleBinding") continue;
    ++bindings;
    const json& reference = manifest.object["roleRef"];
    EXPECT_NO_THROW(one(all, reference["kind"], reference["name"])) << manifest.name();
    ASSERT_EQ(manifest.object["subjects"].size(), 1U);
    EXPECT_EQ(manifest.object["subjects"][0]["name"], account);
    EXPECT_EQ(manifest.object["subjects"][0]["namespace"], all.front().name());
  }
  EXPECT_EQ(bindings, 2);
}

}  // namespace
}  // namespace headwind::deploy
