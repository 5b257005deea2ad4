// SPDX-License-Identifier: Apache-2.0
#include "app/stuck_pods.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace headwind::app {
namespace {

using nlohmann::json;

json set() {
  return json::parse(
      R"({"metadata": {"uid": "set", "generation": 3}, "spec": {"updateStrategy": {"type": "RollingUpdate"}},
                         "status": {"observedGeneration": 3, "updateRevision": "db-good"}})");
}

const std::vector<update::BadImage> bad{{"app", "db:2"}};

json pod(const std::string& revision, bool ready, const std::string& owner = "set") {
  return {{"metadata",
           {{"name", "db-1"},
            {"uid", "pod"},
            {"labels", {{"controller-revision-hash", revision}}},
            {"ownerReferences", {{{"uid", owner}}}}}},
          {"spec", {{"containers", {{{"name", "log"}, {"image", "log:1"}}, {{"name", "app"}, {"image", "db:2"}}}}}},
          {"status", {{"conditions", {{{"type", "Ready"}, {"status", ready ? "True" : "False"}}}}}}};
}

std::size_t stuck(const json& object, const json& one) { return stuck_pods(object, json::array({one}), bad).size(); }

TEST(StuckPods, a_broken_pod_of_the_revision_that_is_left_is_one) {
  const auto found = stuck_pods(set(), json::array({pod("db-bad", false)}), bad);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "db-1");
  EXPECT_EQ(found[0].uid, "pod");
  EXPECT_TRUE(found[0].bad);
}

TEST(StuckPods, what_does_not_run_the_bad_image_is_not_ours_to_delete) {
  json other = pod("db-older", false);
  other["spec"]["containers"][1]["image"] = "db:0";
  const auto found = stuck_pods(set(), json::array({other}), bad);
  ASSERT_EQ(found.size(), 1U) << "it is in the way, which is told";
  EXPECT_FALSE(found[0].bad);
  json swapped = pod("db-older", false);
  swapped["spec"]["containers"][1]["image"] = "db:0";
  swapped["spec"]["containers"][0]["image"] = "db:2";
  EXPECT_FALSE(stuck_pods(set(), json::array({swapped}), bad)[0].bad) << "another container of it does";
  json init = pod("db-bad", false);
  init["spec"] = {{"initContainers", {{{"name", "app"}, {"image", "db:2"}}}}};
  EXPECT_TRUE(stuck_pods(set(), json::array({init}), bad)[0].bad);
}

TEST(StuckPods, what_the_partition_keeps_is_left_alone) {
  json kept = set();
  kept["spec"]["updateStrategy"]["rollingUpdate"]["partition"] = 2;
  EXPECT_EQ(stuck(kept, pod("db-bad", false)), 0U) << "it would come back as it is";
  kept["spec"]["updateStrategy"]["rollingUpdate"]["partition"] = 1;
  EXPECT_EQ(stuck(kept, pod("db-bad", false)), 1U);
  kept["spec"]["ordinals"]["start"] = 1;
  EXPECT_EQ(stuck(kept, pod("db-bad", false)), 0U) << "the partition counts from the first ordinal";
  json nameless = pod("db-bad", false);
  nameless["metadata"]["name"] = "db";
  EXPECT_EQ(stuck(set(), nameless), 0U);
}

TEST(StuckPods, no_other_pod_is_touched) {
  EXPECT_EQ(stuck(set(), pod("db-bad", true)), 0U) << "it serves: the controller replaces it itself";
  EXPECT_EQ(stuck(set(), pod("db-good", false)), 0U) << "it is on its way";
  EXPECT_EQ(stuck(set(), pod("db-bad", false, "another")), 0U);
  json leaving = pod("db-bad", false);
  leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z";
  EXPECT_EQ(stuck(set(), leaving), 0U);
  EXPECT_EQ(stuck(set(), json::object()), 0U);
}

TEST(StuckPods, nothing_is_stuck_before_the_controller_has_looked_or_where_hands_do_it) {
  json unseen = set();
  unseen["metadata"]["generation"] = 4;
  EXPECT_EQ(stuck(unseen, pod("db-bad", false)), 0U);
  json by_hand = set();
  by_hand["spec"]["updateStrategy"]["type"] = "OnDelete";
  EXPECT_EQ(stuck(by_hand, pod("db-bad", false)), 0U);
}

}  // namespace
}  // namespace headwind::app
