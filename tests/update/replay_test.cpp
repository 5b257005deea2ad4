// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";

// What a restarted process finds in the cluster has the ids that were told when it happened: nobody hears it twice.
TEST(Replay, what_happened_is_found_again_with_the_same_ids) {
  Store store;
  store.deploy("Deployment", "auto", {{"app", "nginx:1.25.0"}},
               {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
  store.deploy("Deployment", "manual", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
  World& first = launch(store);
  first.start();
  first.push(nginx, "1.26.0");
  first.run(first.engine->approve({"prod", "manual-app-1-26-0"}, "a"));
  first.settle();
  first.push(nginx, "1.27.0");
  first.run(first.engine->reject({"prod", "manual-app-1-27-0"}, "a", "no"));
  first.settle();
  first.run(first.engine->roll_back({deployment("manual"), "app", {}, "op", "slow"}));
  first.settle();

  std::set<std::string> told;
  for (const Notification& n : store.told) told.insert(n.id);
  World& second = launch(store);
  second.start();
  const auto found = second.engine->happened_since(0);
  std::set<std::string> kinds;
  for (const Notification& n : found) {
    EXPECT_TRUE(told.contains(n.id)) << to_string(n.type) << " " << n.name << " " << n.new_image;
    EXPECT_NE(n.unix_ms, 0);
    kinds.insert(std::string(to_string(n.type)));
  }
  EXPECT_TRUE(kinds.contains("update_detected"));
  EXPECT_TRUE(kinds.contains("update_completed"));
  EXPECT_TRUE(kinds.contains("update_rejected"));
  EXPECT_TRUE(kinds.contains("rollback_triggered"));
  EXPECT_TRUE(kinds.contains("rollback_completed"));
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(second.engine->happened_since(found.back().unix_ms).empty()) << "told up to here";
  std::int64_t latest = 0;
  for (const Notification& n : store.told) latest = std::max(latest, n.unix_ms);
  EXPECT_TRUE(second.engine->happened_since(latest).empty()) << "as the mark of a notifier that was told all of it";
}

// No request records the end of an automatic update's rollout: whoever starts soon after it judges it anew. The id is
// what keeps notifiers from hearing it twice (app::Backlog).
TEST(Replay, a_rollout_that_is_judged_again_after_a_restart_is_told_with_the_same_id) {
  Store store;
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}},
               {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
  World& first = launch(store, quick(), true);
  first.start();
  first.push(nginx, "1.26.0");
  launch(store, quick(), true).start();
  std::vector<std::string> ids;
  for (const Notification& n : store.told)
    if (n.type == EventType::rollout_completed) ids.push_back(n.id);
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(ids[0], ids[1]);
}

}  // namespace
}  // namespace headwind::update::testing
