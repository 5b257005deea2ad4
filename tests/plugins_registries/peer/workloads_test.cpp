// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "bundle.hpp"

namespace headwind::plugin {
namespace {

using testing::ElementsAre;

TEST_F(Bundle, EveryFileOfTheBundleIsAccepted) {
  std::vector<std::string> ids;
  for (const auto& row : host->plugins()) {
    EXPECT_EQ(row.state, "loaded") << row.file << ": " << row.reason;
    ids.push_back(row.id);
  }
  EXPECT_THAT(ids, testing::IsSupersetOf({"headwind.registry.oci", "headwind.registry.dockerhub",
                                          "headwind.workload.deployment", "headwind.workload.statefulset",
                                          "headwind.workload.daemonset", "headwind.notifier.webhook",
                                          "headwind.notifier.slack", "headwind.notifier.teams"}));
}

TEST_F(Bundle, TheThreeKindsSayWhatTheyServe) {
  for (const char* name : {"daemonset", "deployment", "statefulset"})
    ASSERT_TRUE(create(name, std::string("headwind.workload.") + name));
  std::vector<std::string> plurals;
  for (const Workload& workload : host->workloads()) {
    const auto target = run(workload.describe());
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ(target->group, "apps");
    EXPECT_THAT(target->versions, ElementsAre("v1"));
    plurals.push_back(target->plural);
  }
  EXPECT_THAT(plurals, ElementsAre("daemonsets", "deployments", "statefulsets"));
}

TEST_F(Bundle, ABadObjectDoesNotSpoilItsNeighbours) {
  ASSERT_TRUE(create("deployment", "headwind.workload.deployment"));
  const std::string good = R"({"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:1.25"}]}}}})";
  const auto all = run(host->workloads().front().images({good, "{", good}));
  ASSERT_EQ(all.size(), 3u);
  ASSERT_TRUE(all[0]);
  EXPECT_EQ(all[0]->at(0).slot, "containers/web");
  EXPECT_EQ(all[0]->at(0).pointer, "/spec/template/spec/containers/0/image");
  ASSERT_FALSE(all[1]);
  EXPECT_EQ(all[1].error().code, Code::invalid);
  EXPECT_TRUE(all[2]);
}

}  // namespace
}  // namespace headwind::plugin
