// SPDX-License-Identifier: Apache-2.0
// T128: a start on what Headwind 0.1.x left behind. Nothing is applied a second time, nothing made anew.
#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

using nlohmann::json;

const std::string nginx = "docker.io/library/nginx";

struct Migration : ::testing::Test {
  // A request as 0.1.x stored it: no status when it waits, no labels, no digest, policy none for what it cannot say.
  void leave(const std::string& name, const std::string& kind, const std::string& target, const std::string& container,
             const std::string& from, const std::string& to, const std::string& phase, const std::string& policy) {
    json object = {
        {"apiVersion", "headwind.sh/v1alpha1"},
        {"kind", "UpdateRequest"},
        {"metadata", {{"name", name}, {"namespace", "prod"}, {"uid", "old-" + name}, {"generation", 1}}},
        {"spec",
         {{"targetRef", {{"apiVersion", "apps/v1"}, {"kind", kind}, {"name", target}, {"namespace", "prod"}}},
          {"updateType", "image"},
          {"currentImage", from},
          {"newImage", to},
          {"policy", policy},
          {"reason", "New version available"},
          {"requireApproval", true},
          {"expiresAt", format_rfc3339(system_clock().unix_ms() + 3600'000)}}}};
    if (!container.empty()) object["spec"]["containerName"] = container;
    const std::string now = format_rfc3339(system_clock().unix_ms() - 1000);
    if (!phase.empty()) object["status"] = {{"phase", phase}, {"lastUpdated", now}};
    if (phase == "Completed") object["status"]["approvedBy"] = "a@x";
    object["metadata"]["resourceVersion"] = std::to_string(++store.version);
    store.requests[{"prod", name}] = object;
  }
  World& begin() {
    World& world = launch(store);
    world.start();
    return world;
  }
  Store store;
};

TEST_F(Migration, T128_nothing_is_applied_again_and_nothing_is_made_anew) {
  const std::string old_history =
      R"([{"container":"app","image":"nginx:1.26.0","timestamp":"2025-11-06T10:30:00Z","updateRequestName":)"
      R"("web-app-1-26-0","approvedBy":"a@x"}])";
  store.deploy("Deployment", "web", {{"app", "nginx:1.26.0"}}, {{"policy", "minor"}, {"update-history", old_history}});
  store.deploy("StatefulSet", "db", {{"app", "redis:7.2.1"}},
               {{"policy", "all"}, {"last-update", "2025-11-06T10:31:00.123456789+00:00 (approved by a@x)"}});
  store.release("app", "https://charts.example.com/app", "1.2.3", {{"policy", "none"}});
  store.deploy("Deployment", "shop", {{"app", "nginx:1.25.0"}}, {{"policy", "force"}});
  leave("web-app-1-26-0", "Deployment", "web", "app", "nginx:1.25.0", "library/nginx:1.26.0", "Completed", "minor");
  leave("db-7-2-1", "StatefulSet", "db", "", "redis:7.2.0", "redis:7.2.1", "Completed", "major");
  leave("shop-app-1-26-0", "Deployment", "shop", "app", "nginx:1.25.0", "library/nginx:1.26.0", "", "none");
  leave("shop-app-1-27-0", "Deployment", "shop", "app", "nginx:1.25.0", "library/nginx:1.27.0", "Rejected", "none");
  leave("web-app-1-25-9", "Deployment", "web", "app", "nginx:1.25.0", "library/nginx:1.25.9", "Failed", "minor");
  leave("app-1-2-4", "HelmRelease", "app", "", "app:1.2.3", "app:1.2.4", "", "none");
  store.push(nginx, "1.26.0");
  const auto requests = store.requests;
  const auto workloads = store.workloads;
  World& world = begin();
  EXPECT_EQ(store.requests, requests);
  EXPECT_EQ(store.workloads, workloads);
  EXPECT_EQ(world.writes(), 0U);
  EXPECT_TRUE(store.told.empty());
  World& again = begin();
  EXPECT_EQ(again.writes(), 0U) << "nor at the next start";
}

TEST_F(Migration, T128_a_waiting_request_of_the_old_operator_is_approved_by_the_new_one) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}});
  leave("web-app-1-26-0", "Deployment", "web", "app", "nginx:1.25.0", "library/nginx:1.26.0", "", "minor");
  store.push(nginx, "1.26.0");
  World& world = begin();
  const auto done = world.run(world.engine->approve({"prod", "web-app-1-26-0"}, std::string("a@x")));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->phase, Phase::completed) << done->message;
  EXPECT_EQ(done->digest, store.registry.at(nginx + ":1.26.0")) << "bound to what the tag names";
  EXPECT_EQ(store.patches, 1U);
}

TEST_F(Migration, T128_a_push_of_what_was_rejected_or_runs_makes_no_request) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
  leave("web-app-1-26-0", "Deployment", "web", "app", "nginx:1.25.0", "library/nginx:1.26.0", "Rejected", "minor");
  World& world = begin();
  world.push(nginx, "1.26.0");
  world.push(nginx, "1.25.0");
  EXPECT_EQ(store.request_names(), std::vector<std::string>{"web-app-1-26-0"});
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::rejected);
}

TEST_F(Migration, T128_a_push_of_what_waits_already_takes_the_request_over) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, {{"policy", "minor"}, {"min-update-interval", "0"}});
  leave("web-app-1-26-0", "Deployment", "web", "app", "nginx:1.25.0", "library/nginx:1.26.0", "", "minor");
  World& world = begin();
  for (int i = 0; i < 3; ++i) world.push(nginx, "1.26.0");
  EXPECT_EQ(store.request_names(), std::vector<std::string>{"web-app-1-26-0"}) << "nothing is made anew";
  const UpdateRequest ours = store.request("web-app-1-26-0");
  EXPECT_EQ(ours.phase, Phase::pending);
  EXPECT_EQ(ours.digest, store.registry.at(nginx + ":1.26.0"));
  EXPECT_NE(ours.identity, "");
  EXPECT_TRUE(store.told.empty()) << "it was told already";
  EXPECT_EQ(store.patches, 0U);
  world.push(nginx, "1.27.0");
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::superseded);
  EXPECT_EQ(store.request("web-app-1-27-0").phase, Phase::pending);
}

}  // namespace
}  // namespace headwind::update::testing
