// SPDX-License-Identifier: Apache-2.0
// What is held because of a plugin is told on the workload, and looked at again when the plugins have changed.
#include <gmock/gmock.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string nginx = "docker.io/library/nginx";

struct PluginsChanged : ::testing::Test {
  void deploy(const std::string& name, const std::string& policy) {
    store.deploy("Deployment", name, {{"app", "nginx:1.25.0"}},
                 {{"policy", policy}, {"require-approval", "false"}, {"min-update-interval", "0"}});
  }
  World& begin() {
    World& world = launch(store);
    world.start();
    return world;
  }
  Store store;
};

TEST_F(PluginsChanged, AWorkloadWhosePolicyHasComeTakesWhatWasPushedBefore) {
  deploy("late", "plugin/late");
  deploy("web", "minor");
  World& world = begin();
  ASSERT_TRUE(world.push(nginx, "1.26.0"));
  ASSERT_TRUE(world.push(nginx, "1.27.0"));
  EXPECT_EQ(store.image("web"), "nginx:1.27.0");
  EXPECT_EQ(store.image("late"), "nginx:1.25.0");
  world.engine->plugins_changed();
  world.settle();
  EXPECT_EQ(store.image("late"), "nginx:1.25.0") << "it is not there yet";
  world.policies.more.insert("plugin/late");
  world.engine->plugins_changed();
  world.settle();
  EXPECT_EQ(store.image("late"), "nginx:1.27.0");
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
  EXPECT_TRUE(store.inbox.empty());
}

TEST_F(PluginsChanged, NobodyElseIsShownWhatOneWorkloadSetAside) {
  deploy("late", "plugin/late");
  deploy("web", "force");  // takes whatever is pushed last, whichever way it goes
  World& world = begin();
  ASSERT_TRUE(world.push(nginx, "1.27.0"));
  ASSERT_TRUE(world.push(nginx, "1.26.0"));
  const std::string runs = store.image("web");
  const std::size_t patches = store.patches, events = store.events.size();
  world.policies.more.insert("plugin/late");
  world.engine->plugins_changed();
  world.settle();
  EXPECT_EQ(store.image("late"), "nginx:1.27.0");
  EXPECT_EQ(store.image("web"), runs);
  EXPECT_EQ(store.patches, patches + 1);
  for (std::size_t i = events; i < store.events.size(); ++i) EXPECT_THAT(store.events[i], Not(HasSubstr("web")));
}

TEST_F(PluginsChanged, AParkedWorkloadIsLookedAtAtOnceWhenItsPolicyIsMended) {
  deploy("web", "minor");
  World& world = begin();
  world.policies.failure = Error{Code::internal, "picky: choose: line 7 is wrong", false, {}};
  ASSERT_TRUE(world.push(nginx, "1.26.0"));
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_THAT(store.events,
              Contains(AllOf(HasSubstr("PolicyFailed"), HasSubstr("prod/web"),
                             HasSubstr("picky: choose: line 7 is wrong"), HasSubstr("headwind.sh/policy"))));
  world.policies.failure.reset();
  world.engine->plugins_changed();
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(PluginsChanged, WhatNoRegistryPluginServesIsAskedForAgain) {
  deploy("web", "minor");
  World& world = begin();
  world.registry_error = make_error(Code::unsupported, "the plugin instance mine is not loaded");
  ASSERT_TRUE(world.push(nginx, "1.26.0"));
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  world.registry_error.reset();
  world.engine->plugins_changed();
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(PluginsChanged, NothingIsAskedWhereNothingWaits) {
  deploy("web", "minor");
  World& world = begin();
  ASSERT_TRUE(world.push(nginx, "1.26.0"));
  const std::size_t look_ups = world.look_ups, writes = world.writes();
  world.engine->plugins_changed();
  world.settle();
  EXPECT_EQ(world.look_ups, look_ups);
  EXPECT_EQ(world.writes(), writes);
}

TEST_F(PluginsChanged, ALookThatFailsIsToldOnTheWorkload) {
  deploy("web", "minor");
  World& world = begin();
  world.patch_error = Error{Code::unsupported, "no plugin serves Deployment", false, {}};
  ASSERT_TRUE(world.push(nginx, "1.26.0"));
  EXPECT_THAT(store.events, Contains(AllOf(HasSubstr("LookFailed"), HasSubstr("no plugin serves Deployment"),
                                           HasSubstr("looked at again within five minutes"))));
}

TEST_F(PluginsChanged, WhatPassesByItselfIsNoNewsUntilItDoesNot) {
  deploy("web", "minor");
  World& world = begin();
  world.patch_error = make_error(Code::unavailable, "the API server is down");
  ASSERT_TRUE(world.push(nginx, "1.26.0"));
  const auto told = [&] {
    return std::any_of(store.events.begin(), store.events.end(),
                       [](const std::string& one) { return one.find("LookFailed") != std::string::npos; });
  };
  EXPECT_FALSE(told());
  for (int i = 0; i < 3000 && !told(); ++i) {
    world.io.restart();
    world.io.run_for(std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(told());
}

}  // namespace
}  // namespace headwind::update::testing
