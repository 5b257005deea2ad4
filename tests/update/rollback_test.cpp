// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
const Annotations automatic{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};

struct Rollback : ::testing::Test {
  World& updated() {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, automatic);
    World& world = launch(store);
    world.start();
    world.push(nginx, "1.26.0");
    EXPECT_EQ(store.image("web"), "nginx:1.26.0");
    return world;
  }
  Result<RollbackOutcome> roll_back(World& world, std::optional<std::size_t> index = {},
                                    const std::string& container = "app") {
    RollbackOrder order{deployment("web"), container, index, "op", "it is slow"};
    auto outcome = world.run(world.engine->roll_back(order));
    world.settle();
    return outcome;
  }
  std::size_t told(EventType type) const {
    return static_cast<std::size_t>(
        std::count_if(store.told.begin(), store.told.end(), [&](const Notification& n) { return n.type == type; }));
  }
  Store store;
};

TEST_F(Rollback, T66_right_after_the_first_update_restores_what_ran_before_headwind) {
  World& world = updated();
  const auto outcome = roll_back(world);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->image, "nginx:1.25.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.request(outcome->request_name).phase, Phase::rolled_back);
  EXPECT_EQ(store.request(outcome->request_name).rollback_by, "op");
}

TEST_F(Rollback, T64_an_index_names_the_entry) {
  World& world = updated();
  EXPECT_EQ(roll_back(world, 9).error().message,
            "No history entry found at index 9: the history of Deployment prod/web, app has the indexes 0 to 1; choose "
            "one that kubectl headwind history shows");
  EXPECT_EQ(roll_back(world, 1)->image, "nginx:1.25.0");
}

TEST_F(Rollback, T67_the_bad_version_is_not_applied_again_until_a_newer_one_comes) {
  World& world = updated();
  ASSERT_TRUE(roll_back(world));
  for (int i = 0; i < 3; ++i) world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_FALSE(roll_back(world)) << "twice does not return to the bad image";
  EXPECT_EQ(roll_back(world, 1).error().code, Code::conflict) << "not even by its index";
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  world.push(nginx, "1.25.7");
  EXPECT_EQ(store.image("web"), "nginx:1.25.7") << "the next best is allowed";
  world.push(nginx, "1.26.1");
  EXPECT_EQ(store.image("web"), "nginx:1.26.1");
}

TEST_F(Rollback, a_fix_pushed_under_the_same_tag_is_a_new_version) {
  World& world = updated();
  ASSERT_TRUE(roll_back(world));
  world.push(nginx, "1.26.0", "sha256:" + std::string(64, 'e'));
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Rollback, a_release_allows_it_again) {
  World& world = updated();
  const auto outcome = roll_back(world);
  ASSERT_TRUE(world.run(world.engine->release({"prod", outcome->request_name}, "op")));
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Rollback, T68_a_renamed_container_is_not_found) {
  World& world = updated();
  EXPECT_EQ(roll_back(world, {}, "gone").error().code, Code::not_found);
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(Rollback, T68_a_container_that_was_renamed_a_moment_ago_is_not_found_either) {
  World& world = updated();
  store.edit(deployment("web"),
             [](nlohmann::json& o) { o["spec"]["template"]["spec"]["containers"][0]["name"] = "main"; });
  const auto outcome = roll_back(world);  // the watch has not told us yet
  EXPECT_EQ(outcome.error().code, Code::not_found) << outcome.error().message;
  EXPECT_EQ(outcome.error().message, "Deployment prod/web has no container app");
  EXPECT_EQ(store.image("web", "main"), "nginx:1.26.0");
  EXPECT_EQ(world.compat.rollbacks_failed_total.value(), 1);
  EXPECT_EQ(told(EventType::rollback_failed), 1U) << "it was told that one had begun";
}

TEST_F(Rollback, T70_counters_and_notifications_move) {
  World& world = updated();
  ASSERT_TRUE(roll_back(world));
  EXPECT_EQ(world.compat.rollbacks_total.value(), 1);
  EXPECT_EQ(world.compat.rollbacks_manual_total.value(), 1);
  EXPECT_EQ(told(EventType::rollback_triggered), 1U);
  EXPECT_EQ(told(EventType::rollback_completed), 1U);
}

TEST_F(Rollback, of_an_approved_update_is_written_into_its_request) {
  Annotations manual = automatic;
  manual["require-approval"] = "true";
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, manual);
  World& world = launch(store);
  world.start();
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a")));
  ASSERT_TRUE(roll_back(world));
  EXPECT_EQ(store.requests.size(), 1U);
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::rolled_back);
  EXPECT_TRUE(store.request("web-app-1-26-0").rollback);
}

TEST_F(Rollback, an_undo_with_us_running_is_respected) {
  World& world = updated();
  store.undo(deployment("web"));
  world.watch();
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  ASSERT_EQ(store.requests.size(), 1U) << "the undone version is remembered";
  EXPECT_EQ(store.request(store.request_names()[0]).phase, Phase::rolled_back);
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  world.push(nginx, "1.26.1");
  EXPECT_EQ(store.image("web"), "nginx:1.26.1");
}

TEST_F(Rollback, an_undo_with_us_down_and_a_left_over_hint_is_respected) {
  updated();
  store.undo(deployment("web"));
  Hint left{nginx, "1.26.0", "", Origin::webhook, "", 1};
  store.inbox[left.key()] = left;
  World& again = launch(store);
  again.start();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  ASSERT_EQ(store.requests.size(), 1U);
  EXPECT_EQ(store.request(store.request_names()[0]).phase, Phase::rolled_back);
  EXPECT_TRUE(store.inbox.empty());
}

TEST_F(Rollback, a_fix_under_the_tag_that_was_rolled_back_is_taken_though_it_came_while_we_were_down) {
  World& world = updated();
  ASSERT_TRUE(world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "broken"})));
  world.settle();
  const std::string fixed = "sha256:" + std::string(64, 'f');
  store.push(nginx, "1.26.0", fixed);
  Hint left{nginx, "1.26.0", fixed, Origin::webhook, "", 1};
  store.inbox[left.key()] = left;
  World& again = launch(store);
  again.start();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Rollback, an_update_by_hand_to_something_newer_is_not_an_undo) {
  World& world = updated();
  store.edit(deployment("web"),
             [](nlohmann::json& o) { o["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.27.0"; });
  world.watch();
  world.settle();
  EXPECT_TRUE(store.requests.empty());
}

}  // namespace
}  // namespace headwind::update::testing
