// SPDX-License-Identifier: Apache-2.0
// What a person approved waits where the workload must not be touched, and is applied once when it may be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "update/contention.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

using ::testing::HasSubstr;

const std::string nginx = "docker.io/library/nginx";
const std::string name = "web-app-1-26-0";
using Annotations = std::map<std::string, std::string>;
const Annotations manual{{"policy", "minor"}, {"min-update-interval", "0"}};

struct Obstacles : ::testing::Test {
  World& proposed(const Annotations& annotations = manual) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, annotations);
    World& world = launch(store);
    world.start();
    world.push(nginx, "1.26.0");
    EXPECT_EQ(store.request(name).phase, Phase::pending);
    return world;
  }
  void annotate(const std::string& key, const std::string& value) {
    store.edit(deployment("web"),
               [&](nlohmann::json& o) { o["metadata"]["annotations"]["headwind.sh/" + key] = value; });
  }
  std::size_t events(const std::string& part) const {
    return static_cast<std::size_t>(
        std::count_if(store.events.begin(), store.events.end(),
                      [&](const std::string& text) { return text.find(part) != std::string::npos; }));
  }
  // Approves, and expects that it counts and changes nothing.
  void approved_but_waits(World& world, const std::string& why) {
    const auto approved = world.run(world.engine->approve({"prod", name}, "alice"));
    ASSERT_TRUE(approved) << approved.error().message;
    EXPECT_EQ(approved->phase, Phase::approved);
    EXPECT_EQ(approved->approved_by, "alice");
    EXPECT_THAT(approved->message, HasSubstr(why));
    world.settle();
    waits(why);
  }
  void waits(const std::string& why) {
    EXPECT_EQ(store.image("web"), "nginx:1.25.0");
    EXPECT_EQ(store.patches, 0U);
    EXPECT_EQ(store.request(name).phase, Phase::approved);
    EXPECT_THAT(store.request(name).message, HasSubstr(why));
    EXPECT_EQ(events("UpdateWaits: UpdateRequest " + name), 1U);
  }
  void arrives(World& world) {
    world.watch();
    world.settle();
    EXPECT_EQ(store.image("web"), "nginx:1.26.0");
    EXPECT_EQ(store.patches, 1U);
    EXPECT_EQ(store.request(name).phase, Phase::completed);
  }
  Store store;
};

TEST_F(Obstacles, an_approval_waits_while_its_workload_is_suspended) {
  World& world = proposed();
  annotate("suspend", "true");
  world.watch();
  approved_but_waits(world, "Approved; waits until headwind.sh/suspend is taken off Deployment prod/web");
  const std::size_t written = world.writes();
  annotate("auto-rollback", "false");
  world.watch();
  world.settle();
  EXPECT_EQ(world.writes(), written) << "what has been said is not said again";
  annotate("suspend", "false");
  arrives(world);
}

TEST_F(Obstacles, an_approval_waits_while_its_namespace_is_suspended) {
  World& world = proposed();
  world.engine->namespace_seen("prod", true);
  approved_but_waits(world, "Approved; waits until headwind.sh/suspend is taken off namespace prod");
  world.engine->namespace_seen("prod", false);
  arrives(world);
}

TEST_F(Obstacles, an_approval_waits_while_somebody_else_manages_the_workload) {
  for (const char* owner : {"Flux Kustomization flux-system/apps", "Argo CD application shop"}) {
    store = Store();
    World& world = proposed();
    store.set_owner(deployment("web"), owner);
    world.watch();
    approved_but_waits(world, "Approved; waits because Deployment prod/web is managed by " + std::string(owner));
    annotate("force-ownership", "true");
    arrives(world);
  }
}

TEST_F(Obstacles, an_approval_waits_while_updates_rest) {
  const std::string redis = "docker.io/library/redis";
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}, {"side", "redis:7.0.0"}}, manual);
  World& world = launch(store);
  world.start();
  world.push(nginx, "1.26.0");
  for (const char* tag : {"7.1.0", "7.2.0"}) {
    world.push(redis, tag);
    const std::string request = std::string("web-side-7-") + tag[2] + "-0";
    ASSERT_TRUE(world.run(world.engine->approve({"prod", request}, "alice")));
    store.edit(deployment("web"), [](nlohmann::json& object) {
      object["spec"]["template"]["spec"]["containers"][1]["image"] = "redis:7.0.0";
    });
    world.watch();
    world.settle();
  }
  const auto approved = world.run(world.engine->approve({"prod", name}, "alice"));
  ASSERT_TRUE(approved) << approved.error().message;
  EXPECT_EQ(approved->phase, Phase::approved);
  EXPECT_THAT(approved->message, HasSubstr("Approved; waits until 20"));
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(events("UpdatesRest: its last updates were undone by somebody else"), 1U);
  ASSERT_TRUE(world.run(world.engine->release({"prod", "web-side-7-1-0"}, "op")));
  world.watch();
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0") << "a person may end it";
  EXPECT_EQ(store.request(name).phase, Phase::completed);
}

TEST_F(Obstacles, it_goes_on_waiting_over_a_restart) {
  World& world = proposed();
  annotate("suspend", "true");
  world.watch();
  approved_but_waits(world, "headwind.sh/suspend");
  launch(store).start();
  waits("headwind.sh/suspend");
  annotate("suspend", "false");
  World& last = launch(store);
  last.start();
  arrives(last);
}

TEST_F(Obstacles, an_intent_of_a_process_that_ended_waits_too) {
  World& world = proposed();
  world.die_at(world.writes() + 3, false);  // after the vote and the intent: the patch
  (void)world.run(world.engine->approve({"prod", name}, "alice"));
  ASSERT_EQ(store.request(name).phase, Phase::applying);
  annotate("suspend", "true");
  World& next = launch(store);
  next.start();
  waits("headwind.sh/suspend");
  annotate("suspend", "false");
  arrives(next);
}

TEST_F(Obstacles, a_suspension_that_comes_while_the_registry_is_asked_counts) {
  World& world = proposed();
  world.while_asked = [&] {
    world.while_asked = nullptr;
    annotate("suspend", "true");
  };
  const auto approved = world.run(world.engine->approve({"prod", name}, "alice"));
  ASSERT_TRUE(approved);
  world.settle();
  EXPECT_EQ(store.patches, 0U);
  annotate("suspend", "false");
  arrives(world);
}

TEST_F(Obstacles, a_suspension_that_comes_between_the_intent_and_the_patch_counts) {
  World& world = proposed();
  store.intended = [&] { annotate("suspend", "true"); };
  approved_but_waits(world, "Approved; waits until headwind.sh/suspend is taken off Deployment prod/web");
  EXPECT_FALSE(store.intended);
  annotate("suspend", "false");
  arrives(world);
}

TEST_F(Obstacles, an_approval_waits_while_the_images_cannot_be_read) {
  World& world = proposed();
  inventory::Workload blind = *store.read(deployment("web"));
  blind.slots.clear();
  blind.not_read = true, blind.unread = "no place for images";
  blind.resource_version = std::to_string(++store.version);
  world.engine->workload_changed(blind);
  world.settle();
  EXPECT_EQ(store.request(name).phase, Phase::pending) << "it is not lost";
  EXPECT_EQ(events("ChartSource"), 0U) << "it is told as WorkloadNotRead";
  approved_but_waits(world, "Approved; waits until the images of Deployment prod/web can be read: no place for images");
  annotate("auto-rollback", "false");
  arrives(world);
}

TEST_F(Obstacles, a_request_that_needs_nobody_waits_too) {
  World& world = proposed();
  annotate("suspend", "true");
  annotate("require-approval", "false");
  world.watch();
  store.merge({"prod", name}, R"({"spec":{"requireApproval":false}})", {}, false);
  world.watch();
  world.settle();
  waits("headwind.sh/suspend");
}

TEST_F(Obstacles, a_rollback_that_a_person_asks_for_is_explicit) {
  World& world = proposed();
  ASSERT_TRUE(world.run(world.engine->approve({"prod", name}, "alice")));
  ASSERT_EQ(store.image("web"), "nginx:1.26.0");
  annotate("suspend", "true");
  world.watch();
  const auto back = world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"}));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

}  // namespace
}  // namespace headwind::update::testing
