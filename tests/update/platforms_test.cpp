// SPDX-License-Identifier: Apache-2.0
#include "update/platforms.hpp"

#include <gtest/gtest.h>

#include "update/explanation.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
std::string digest(char letter) { return "sha256:" + std::string(64, letter); }
const std::string amd = "linux/amd64", arm = "linux/arm64/v8";

struct Platforms : ::testing::Test {
  Platforms() {
    store.deploy(
        "Deployment", "web", {{"app", "nginx:1.0.0@" + digest('0')}},
        {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}, {"event-source", "both"}});
  }
  World& begin(EngineOptions options = quick()) {
    World& world = launch(store, options);
    world.start();
    world.platforms_of = {{digest('0'), {amd, arm}}, {digest('1'), {amd, arm}}, {digest('2'), {amd}}};
    store.push(nginx, "1.1.0", digest('1'));
    store.push(nginx, "1.2.0", digest('2'));
    return world;
  }
  void poll(World& world) {
    world.engine->listed(
        nginx, std::make_shared<const std::vector<Candidate>>(std::vector<Candidate>{{"1.1.0", {}}, {"1.2.0", {}}}),
        {deployment("web")});
    world.settle();
  }
  std::size_t held() const {
    std::size_t count = 0;
    for (const std::string& event : store.events) count += event.find("UpdateHeld") != std::string::npos ? 1U : 0U;
    return count;
  }
  Store store;
};

TEST(RunsOn, variants_are_read_as_container_runtimes_do) {
  EXPECT_TRUE(runs_on({"linux/arm64"}, "linux/arm64/v8"));
  EXPECT_TRUE(runs_on({"linux/arm64/v8"}, "linux/arm64"));
  EXPECT_TRUE(runs_on({"linux/arm/v6"}, "linux/arm/v7"));
  EXPECT_FALSE(runs_on({"linux/arm/v7"}, "linux/arm/v6"));
  EXPECT_FALSE(runs_on({"linux/amd64/v3"}, "linux/amd64"));
  EXPECT_FALSE(runs_on({"linux/amd64"}, "linux/arm64"));
  EXPECT_FALSE(runs_on({"windows/amd64"}, "linux/amd64"));
  EXPECT_FALSE(runs_on({}, "linux/amd64"));
}

TEST_F(Platforms, a_version_that_lacks_a_platform_is_held_and_the_next_best_taken) {
  World& world = begin();
  poll(world);
  EXPECT_EQ(store.image("web"), "nginx:1.1.0@" + digest('1'));
  ASSERT_EQ(held(), 1U);
  EXPECT_NE(store.events.front().find("1.2.0 does not run on linux/arm64/v8"), std::string::npos)
      << store.events.front();
}

TEST_F(Platforms, it_is_told_once_and_not_looked_up_at_each_list) {
  World& world = begin();
  for (int cycle = 0; cycle < 5; ++cycle) poll(world);
  EXPECT_EQ(store.patches, 1U);
  EXPECT_LE(world.look_ups, 3U) << "1.2.0, 1.1.0, and once more for the image that runs since";
  EXPECT_LE(held(), 2U) << "once for each running image";
}

TEST_F(Platforms, the_rule_has_one_name_in_explanations_and_in_metrics) {
  World& world = begin();
  ASSERT_TRUE(world.webhook(nginx, "1.2.0"));
  world.settle();
  ASSERT_EQ(held(), 1U);
  const auto explanation = world.run(world.engine->explain({"Deployment", "prod", "web"}));
  ASSERT_TRUE(explanation) << explanation.error().message;
  std::string rule = "of no candidate";
  for (const ExplainedCandidate& one : explanation->slots.at(0).candidates)
    if (one.tag == "1.2.0") rule = one.rule;
  EXPECT_EQ(rule, "platform");
  EXPECT_EQ(world.metrics.counter("headwind_decisions_total", "", {{"verdict", "hold"}, {"rule", rule}}).value(), 1);
}

TEST_F(Platforms, a_push_costs_one_digest_and_the_platforms_of_both) {
  World& world = begin();
  world.webhook(nginx, "1.1.0");
  EXPECT_EQ(store.patches, 1U);
  EXPECT_EQ(world.look_ups, 1U);
  EXPECT_EQ(world.platform_look_ups, 2U);
}

TEST_F(Platforms, a_pushed_version_that_lacks_one_is_held) {
  World& world = begin();
  world.webhook(nginx, "1.2.0");
  EXPECT_EQ(store.patches, 0U);
  EXPECT_EQ(held(), 1U);
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(Platforms, the_configured_ones_count_instead) {
  EngineOptions options = quick();
  options.platforms = {amd};
  World& world = begin(options);
  world.webhook(nginx, "1.2.0");
  EXPECT_EQ(store.image("web"), "nginx:1.2.0@" + digest('2'));
}

TEST_F(Platforms, where_nobody_can_tell_nothing_is_held) {
  World& world = begin();
  world.platforms_of.erase(digest('0'));
  world.webhook(nginx, "1.2.0");
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(Platforms, an_unpinned_image_runs_where_its_tag_does_now) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.0.0"}},
               {{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}});
  store.push(nginx, "1.0.0", digest('0'));
  World& world = begin();
  world.webhook(nginx, "1.2.0");
  EXPECT_EQ(store.patches, 0U);
  world.webhook(nginx, "1.1.0");
  EXPECT_EQ(store.patches, 1U);
  EXPECT_EQ(world.look_ups, 3U) << "two pushes, and the running tag once";
}

}  // namespace
}  // namespace headwind::update::testing
