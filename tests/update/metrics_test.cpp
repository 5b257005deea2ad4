// SPDX-License-Identifier: Apache-2.0
// What the engine counts with labels.
#include <gtest/gtest.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

using Annotations = std::map<std::string, std::string>;
const std::string nginx = "docker.io/library/nginx";
const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const Annotations automatic{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};

struct EngineCounts : ::testing::Test {
  World& begin(const Annotations& annotations, bool following = false) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, annotations);
    World& world = launch(store, quick(), following);
    world.start();
    return world;
  }
  static double decided(World& world, const std::string& verdict, const std::string& rule) {
    return world.metrics.counter("headwind_decisions_total", "", {{"verdict", verdict}, {"rule", rule}}).value();
  }
  static std::string text(World& world) {
    world.engine->measure();
    return world.metrics.openmetrics();
  }
  // The push of a tag, `ago` seconds before now, as a part of our trace.
  void arrive(World& world, const std::string& tag, std::int64_t ago) {
    store.push(nginx, tag);
    Hint hint{nginx, tag, {}, Origin::webhook, "00-" + trace + "-00f067aa0ba902b7-01", 0};
    hint.arrived_ms = system_clock().unix_ms() - ago * 1000;
    world.run(world.engine->take({hint}));
    world.settle();
  }
  Store store;
};

TEST_F(EngineCounts, decisions_bear_the_rule_behind_them) {
  Annotations asked = automatic;
  asked["require-approval"] = "true";
  World& world = begin(asked);
  world.push(nginx, "2.0.0");
  EXPECT_EQ(decided(world, "hold", "minor"), 1) << "another major";
  world.push(nginx, "1.26.0");
  EXPECT_EQ(decided(world, "propose", "minor"), 1);
  world.push(nginx, "1.26.0");
  EXPECT_EQ(decided(world, "hold", "proposed"), 1);
  ASSERT_TRUE(world.run(world.engine->reject({"prod", "web-app-1-26-0"}, "alice", "no")));
  world.push(nginx, "1.26.0");
  EXPECT_EQ(decided(world, "hold", "memory"), 1);
  EXPECT_EQ(decided(world, "update", "minor"), 0);
}

TEST_F(EngineCounts, from_push_to_patch_and_from_patch_to_ready_with_the_trace_of_the_push) {
  World& world = begin(automatic, true);
  arrive(world, "1.26.0", 20);
  EXPECT_EQ(decided(world, "update", "minor"), 1);
  const std::string all = text(world);
  const std::string exemplar = " # {trace_id=\"" + trace + "\"} ";
  EXPECT_NE(all.find("headwind_push_to_patch_seconds_bucket{kind=\"Deployment\",le=\"10.0\"} 0\n"), std::string::npos);
  EXPECT_NE(all.find("headwind_push_to_patch_seconds_bucket{kind=\"Deployment\",le=\"30.0\"} 1" + exemplar + "20"),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("headwind_patch_to_ready_seconds_bucket{kind=\"Deployment\",le=\"1.0\"} 1" + exemplar),
            std::string::npos)
      << all;
}

TEST_F(EngineCounts, an_approved_update_is_measured_from_its_patch_only) {
  Annotations asked = automatic;
  asked["require-approval"] = "true";
  World& world = begin(asked, true);
  arrive(world, "1.26.0", 20);
  ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "alice")));
  world.settle();
  const std::string all = text(world);
  EXPECT_EQ(all.find("headwind_push_to_patch_seconds"), std::string::npos) << "a person's time is not ours";
  EXPECT_NE(all.find("headwind_patch_to_ready_seconds_count{kind=\"Deployment\"} 1\n"), std::string::npos) << all;
}

TEST_F(EngineCounts, a_version_that_waits_for_its_interval_is_found_once) {
  Annotations slow = automatic;
  slow["min-update-interval"] = "3600", slow["event-source"] = "both";
  World& world = begin(slow);
  world.push(nginx, "1.26.0");
  world.push(nginx, "1.27.0");
  EXPECT_EQ(decided(world, "wait", "interval"), 1);
  const auto age = [&] {
    world.engine->measure();
    return world.metrics.gauge("headwind_inbox_age_seconds", "").value();
  };
  EXPECT_LT(age(), 10);
  arrive(world, "1.28.0", 500);
  EXPECT_NEAR(age(), 500, 10) << "the oldest push that waits";
}

}  // namespace
}  // namespace headwind::update::testing
