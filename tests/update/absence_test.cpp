// SPDX-License-Identifier: Apache-2.0
// Requests whose workload goes away, and namespaces that are being deleted.
#include <gtest/gtest.h>

#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
const std::string name = "web-app-1-26-0";
const std::map<std::string, std::string> manual{{"policy", "minor"}, {"min-update-interval", "0"}};

struct Absence : ::testing::Test {
  World& proposed(std::chrono::seconds patience) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, manual);
    EngineOptions options = quick();
    options.gone_patience = patience;
    World& world = launch(store, options);
    world.start();
    world.push(nginx, "1.26.0");
    return world;
  }
  void run_until(World& world, Phase phase) {
    for (int i = 0; i < 5000 && store.request(name).phase != phase; ++i)
      world.io.restart(), world.io.run_for(std::chrono::milliseconds(1));
    world.settle();
  }
  Store store;
};

TEST_F(Absence, a_request_whose_workload_is_deleted_says_so_and_ends_after_a_while) {
  World& world = proposed(std::chrono::seconds(1));
  store.remove(deployment("web"));
  world.watch();
  world.settle();
  EXPECT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_EQ(store.request(name).message,
            "Deployment prod/web is gone, or has no headwind.sh/policy any more; superseded unless it returns within "
            "1 s");
  run_until(world, Phase::superseded);
  EXPECT_EQ(store.request(name).phase, Phase::superseded);
  EXPECT_EQ(store.request(name).message, "Deployment prod/web is gone, or has no headwind.sh/policy any more");
}

TEST_F(Absence, T45_until_then_an_approval_fails_as_it_did) {
  World& world = proposed(std::chrono::seconds(600));
  store.remove(deployment("web"));
  world.watch();
  world.settle();
  const auto failed = world.run(world.engine->approve({"prod", name}, std::string("a@x")));
  ASSERT_TRUE(failed) << failed.error().message;
  EXPECT_EQ(failed->phase, Phase::failed);
  EXPECT_TRUE(failed->message.starts_with("Update failed: ")) << failed->message;
}

TEST_F(Absence, a_workload_that_returns_is_waited_for_no_more) {
  World& world = proposed(std::chrono::seconds(1));
  const nlohmann::json object = store.object(deployment("web"));
  store.remove(deployment("web"));
  world.watch();
  world.settle();
  store.workloads[deployment("web")] = object;
  store.edit(deployment("web"), [](nlohmann::json&) {});
  world.watch();
  world.settle();
  EXPECT_EQ(store.request(name).message, "Waiting for approval");
  world.io.restart();
  world.io.run_for(std::chrono::milliseconds(1300));
  EXPECT_EQ(store.request(name).phase, Phase::pending);
  EXPECT_EQ(world.run(world.engine->approve({"prod", name}, std::string("a")))->phase, Phase::completed);
}

TEST_F(Absence, one_that_was_made_anew_ends_the_request_at_once) {
  World& world = proposed(std::chrono::seconds(600));
  store.edit(deployment("web"), [](nlohmann::json& object) { object["metadata"]["uid"] = "another"; });
  world.watch();
  world.settle();
  EXPECT_EQ(store.request(name).phase, Phase::superseded);
  EXPECT_EQ(store.request(name).message, "Deployment prod/web was deleted and made anew");
}

TEST_F(Absence, a_kind_that_nobody_follows_is_left_alone) {
  UpdateRequest request;
  request.key = {"prod", "chart"};
  request.target_api_version = "argoproj.io/v1alpha1", request.target_kind = "Rollout";
  request.target_name = "app", request.target_namespace = "prod";
  request.current_image = "app:1.2.3", request.new_image = "app:1.2.4", request.policy = "none";
  store.create(request);
  EngineOptions options = quick();
  options.gone_patience = std::chrono::seconds(0);
  World& world = launch(store, options);
  world.start();
  EXPECT_EQ(store.request("chart").phase, Phase::pending);
  EXPECT_EQ(store.request("chart").message, "");
}

TEST_F(Absence, in_a_namespace_that_is_being_deleted_nothing_is_proposed_and_nothing_fails) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, manual);
  World& world = launch(store);
  world.start();
  store.terminating = true;
  world.push(nginx, "1.26.0");
  EXPECT_TRUE(store.requests.empty());
  EXPECT_EQ(world.engine->hints_waiting(), 0U) << "nobody waits for it";
  EXPECT_EQ(world.compat.reconcile_errors_total.value(), 0);
  EXPECT_EQ(world.compat.updates_failed_total.value(), 0);
  EXPECT_TRUE(store.told.empty());
}

}  // namespace
}  // namespace headwind::update::testing
