// SPDX-License-Identifier: Apache-2.0
#include "inventory/inventory.hpp"

#include <gtest/gtest.h>

#include "inventory/packed.hpp"

namespace headwind::inventory {
namespace {

Workload deployment(const std::string& name, const std::string& repository, const std::string& version) {
  Workload workload;
  workload.key = {"Deployment", "shop", name};
  workload.api_version = "apps/v1";
  workload.plural = "deployments";
  workload.uid = "uid-" + name;
  workload.resource_version = version;
  workload.slots = {Slot{"containers/app", repository, repository + ":1", "/p", "/g", "app", false}};
  return workload;
}

TEST(Inventory, finds_the_workloads_of_a_repository_and_forgets_those_that_left_it) {
  Inventory inventory;
  inventory.upsert(deployment("a", "docker.io/library/nginx", "1"));
  inventory.upsert(deployment("b", "docker.io/library/nginx", "2"));
  EXPECT_EQ(inventory.using_repository("docker.io/library/nginx").size(), 2U);
  inventory.upsert(deployment("a", "docker.io/library/redis", "3"));
  ASSERT_EQ(inventory.using_repository("docker.io/library/nginx").size(), 1U);
  EXPECT_EQ(inventory.using_repository("docker.io/library/nginx")[0].name, "b");
  EXPECT_EQ(inventory.using_repository("docker.io/library/redis").size(), 1U);
}

TEST(Inventory, an_older_or_equal_version_of_the_same_object_is_not_taken) {
  Inventory inventory;
  inventory.upsert(deployment("a", "r/new", "10"));
  EXPECT_FALSE(inventory.upsert(deployment("a", "r/old", "9")).stored);
  EXPECT_FALSE(inventory.upsert(deployment("a", "r/new", "10")).stored);
  EXPECT_EQ(inventory.find({"Deployment", "shop", "a"})->slots[0].repository, "r/new");
  Workload recreated = deployment("a", "r/other", "2");
  recreated.uid = "another";
  EXPECT_TRUE(inventory.upsert(recreated).stored) << "another uid is another object";
}

TEST(Inventory, the_same_version_counts_where_what_it_refers_to_has_changed) {
  Inventory inventory;
  inventory.upsert(deployment("a", "r/old", "10"));
  EXPECT_TRUE(inventory.upsert(deployment("a", "r/new", "10")).stored);
  Workload other_access = deployment("a", "r/new", "10");
  other_access.access = "shop/default//flux/login/r/new";
  EXPECT_TRUE(inventory.upsert(other_access).stored);
  EXPECT_EQ(inventory.using_repository("r/old").size(), 0U);
  EXPECT_EQ(inventory.using_repository("r/new").size(), 1U);
}

TEST(Inventory, a_finished_list_drops_what_it_did_not_bring) {
  Inventory inventory;
  inventory.expect("Deployment");
  inventory.expect("DaemonSet");
  inventory.begin("Deployment");
  inventory.upsert(deployment("a", "r/x", "1"));
  inventory.upsert(deployment("b", "r/x", "2"));
  EXPECT_TRUE(inventory.finish("Deployment").empty());
  EXPECT_FALSE(inventory.complete()) << "DaemonSets are not listed yet";
  EXPECT_EQ(inventory.kinds(), (std::vector<Symbol>{"DaemonSet", "Deployment"})) << "by name";
  inventory.begin("DaemonSet");
  inventory.finish("DaemonSet");
  EXPECT_TRUE(inventory.complete());
  inventory.begin("Deployment");
  inventory.upsert(deployment("b", "r/x", "2"));  // unchanged, but seen
  const auto gone = inventory.finish("Deployment");
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone[0].key.name, "a");
  EXPECT_EQ(inventory.count("Deployment"), 1U);
  EXPECT_EQ(inventory.using_repository("r/x").size(), 1U);
}

TEST(Inventory, an_object_that_another_version_of_its_kind_serves_is_taken_unchanged) {
  Inventory inventory;
  Workload web = deployment("web", "r/x", "1");
  inventory.upsert(web);
  EXPECT_FALSE(inventory.upsert(web).stored);
  web.api_version = "apps/v2";
  EXPECT_TRUE(inventory.upsert(web).stored) << "it is patched there from now on";
}

TEST(Workload, names_its_api_path) {
  EXPECT_EQ(deployment("web", "r/x", "1").path(), "/apis/apps/v1/namespaces/shop/deployments/web");
}

TEST(Packed, a_history_survives_and_shrinks) {
  std::string history = "[";
  for (int i = 0; i < 10; ++i)
    history += R"({"container":"app","image":"registry.example.com/team/app:1.2.)" + std::to_string(i) +
               R"(","timestamp":"2025-11-06T10:30:00.123Z","approvedBy":"someone@example.com"},)";
  history.back() = ']';
  EXPECT_EQ(unpack(pack(history)), history);
  EXPECT_LT(pack(history).size(), history.size() / 4);
  EXPECT_EQ(unpack("nonsense that was never packed"), "");
  EXPECT_EQ(unpack(pack("")), "");
}

}  // namespace
}  // namespace headwind::inventory
