// SPDX-License-Identifier: Apache-2.0
// Updates that wait for a person.
#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "update/history.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
const Annotations manual{{"policy", "minor"}, {"min-update-interval", "0"}};

struct Request : ::testing::Test {
  World& begin(EngineOptions options = quick()) {
    World& world = launch(store, options);
    world.start();
    return world;
  }
  World& proposed() {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, manual);
    World& world = begin();
    world.push(nginx, "1.26.0");
    return world;
  }
  Result<UpdateRequest> approve(World& world, const std::string& name, const std::string& who = "a@x") {
    Result<UpdateRequest> result = world.run(world.engine->approve({"prod", name}, who));
    world.settle();
    return result;
  }
  Result<UpdateRequest> reject(World& world, const std::string& name, const std::string& reason = "r") {
    Result<UpdateRequest> result = world.run(world.engine->reject({"prod", name}, "a", reason));
    world.settle();
    return result;
  }
  std::size_t told(EventType type) const {
    return static_cast<std::size_t>(
        std::count_if(store.told.begin(), store.told.end(), [&](const Notification& n) { return n.type == type; }));
  }
  Store store;
};

TEST_F(Request, T01_a_minor_update_waits_with_everything_a_person_needs) {
  proposed();
  const UpdateRequest request = store.request("web-app-1-26-0");
  EXPECT_EQ(request.update_type, "image");
  EXPECT_EQ(request.container, "app");
  EXPECT_EQ(request.current_image, "nginx:1.25.0");
  EXPECT_EQ(request.new_image, "nginx:1.26.0");
  EXPECT_EQ(request.policy, "minor");
  EXPECT_TRUE(request.require_approval);
  EXPECT_EQ(request.target_kind + " " + request.target_namespace + "/" + request.target_name, "Deployment prod/web");
  EXPECT_EQ(request.target_api_version, "apps/v1");
  EXPECT_NE(request.reason.find("1.25.0 -> 1.26.0"), std::string::npos);
  ASSERT_TRUE(request.expires_at_ms);
  EXPECT_NEAR(static_cast<double>(*request.expires_at_ms - system_clock().unix_ms()), 24.0 * 3600 * 1000, 60'000);
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_TRUE(store.inbox.empty()) << "a request is the record now";
}

TEST_F(Request, T42_an_approval_applies_it) {
  World& world = proposed();
  const auto done = approve(world, "web-app-1-26-0");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->phase, Phase::completed);
  EXPECT_EQ(done->approved_by, "a@x");
  EXPECT_NE(done->approved_at_ms, 0);
  EXPECT_EQ(done->message, "Update applied successfully");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(told(EventType::update_approved), 1U);
  EXPECT_EQ(told(EventType::update_completed), 1U);
  const auto history = world.engine->history(deployment("web"), "app");
  ASSERT_TRUE(history);
  EXPECT_EQ(history->front().request_name, "web-app-1-26-0");
  EXPECT_EQ(history->front().approved_by, "a@x");
  EXPECT_EQ(nlohmann::json::parse(store.request("web-app-1-26-0").json)["status"]["conditions"][0]["reason"],
            "NotWatched");
}

TEST_F(Request, T44_T47_what_is_over_is_over) {
  World& world = proposed();
  ASSERT_TRUE(approve(world, "web-app-1-26-0"));
  EXPECT_EQ(approve(world, "web-app-1-26-0").error().message, "UpdateRequest is in Completed state, cannot approve");
  EXPECT_EQ(reject(world, "web-app-1-26-0").error().message, "UpdateRequest is in Completed state, cannot reject");
  EXPECT_EQ(approve(world, "nope").error().code, Code::not_found);
}

TEST_F(Request, T45_a_target_that_is_gone_fails_the_request) {
  World& world = proposed();
  store.remove(deployment("web"));
  world.watch();
  const auto failed = approve(world, "web-app-1-26-0");
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->phase, Phase::failed);
  EXPECT_TRUE(failed->message.starts_with("Update failed: ")) << failed->message;
  EXPECT_EQ(world.compat.updates_failed_total.value(), 1);
  EXPECT_EQ(told(EventType::update_failed), 1U);
}

TEST_F(Request, T46_T49_a_rejected_version_stays_rejected_and_a_newer_one_is_proposed) {
  World& world = proposed();
  const auto no = reject(world, "web-app-1-26-0", "");
  ASSERT_TRUE(no);
  EXPECT_EQ(no->message, "Rejected by user");
  EXPECT_EQ(no->rejected_by, "a");
  EXPECT_EQ(approve(world, "web-app-1-26-0").error().code, Code::conflict);
  for (int i = 0; i < 5; ++i) world.push(nginx, "1.26.0");
  world.push(nginx, "1.25.5");  // below what was rejected
  EXPECT_EQ(store.request_names(), std::vector<std::string>{"web-app-1-26-0"});
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::rejected);
  world.push(nginx, "1.27.0");
  EXPECT_EQ(store.request("web-app-1-27-0").phase, Phase::pending);
}

TEST_F(Request, a_released_version_is_proposed_again) {
  World& world = proposed();
  reject(world, "web-app-1-26-0");
  ASSERT_TRUE(world.run(world.engine->release({"prod", "web-app-1-26-0"}, "a")));
  EXPECT_TRUE(store.requests.empty());
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::pending);
  EXPECT_EQ(world.run(world.engine->release({"prod", "web-app-1-26-0"}, "a")).error().code, Code::conflict)
      << "nothing to release";
}

TEST_F(Request, T50_the_same_event_twice_is_one_request_and_one_notification) {
  World& world = proposed();
  world.push(nginx, "1.26.0");
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.requests.size(), 1U);
  EXPECT_EQ(told(EventType::update_request_created), 1U);
}

TEST_F(Request, T51_a_newer_version_supersedes_and_an_older_one_does_not) {
  World& world = proposed();
  world.push(nginx, "1.27.0");
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::superseded);
  EXPECT_EQ(store.request("web-app-1-27-0").phase, Phase::pending);
  EXPECT_EQ(approve(world, "web-app-1-26-0").error().message, "UpdateRequest is in Superseded state, cannot approve");
  world.push(nginx, "1.26.5");
  EXPECT_EQ(store.requests.size(), 2U) << "less than what is proposed";
  ASSERT_TRUE(approve(world, "web-app-1-27-0"));
  EXPECT_EQ(store.image("web"), "nginx:1.27.0");
}

TEST_F(Request, T52_a_workload_changed_by_hand_makes_it_moot) {
  World& world = proposed();
  store.edit(deployment("web"),
             [](nlohmann::json& o) { o["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.25.9"; });
  // The watch has not told us yet: the patch's own tests refuse.
  const auto answer = world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a@x"));
  EXPECT_EQ(answer.error().code, Code::conflict);
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::superseded);
  EXPECT_EQ(store.image("web"), "nginx:1.25.9");
}

TEST_F(Request, T53_it_expires_exactly_and_returns_with_a_new_push) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, manual);
  EngineOptions options = quick();
  options.request_lifetime = std::chrono::milliseconds(150);
  World& world = begin(options);
  world.push(nginx, "1.26.0");
  const auto expiry = *store.request("web-app-1-26-0").expires_at_ms;
  while (store.request("web-app-1-26-0").phase == Phase::pending) {
    ASSERT_LT(system_clock().unix_ms(), expiry + 60'000) << "it never expires";
    world.io.restart(), world.io.run_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::expired);
  EXPECT_GE(store.request("web-app-1-26-0").last_updated_ms, expiry) << "not a moment early";
  world.settle();
  EXPECT_EQ(approve(world, "web-app-1-26-0").error().code, Code::conflict);
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.requests.size(), 1U) << "the same object, open again";
  const UpdateRequest again = store.request("web-app-1-26-0");
  EXPECT_GT(*again.expires_at_ms, expiry);
}

TEST_F(Request, T55_twenty_concurrent_approvals_apply_once) {
  World& world = proposed();
  std::size_t yes = 0, no = 0;
  for (int i = 0; i < 20; ++i)
    boost::asio::co_spawn(world.io, world.engine->approve({"prod", "web-app-1-26-0"}, "a" + std::to_string(i)),
                          [&](std::exception_ptr, Result<UpdateRequest> answer) { ++(answer ? yes : no); });
  for (int i = 0; i < 3000 && yes + no < 20; ++i) world.io.restart(), world.io.run_for(std::chrono::milliseconds(1));
  EXPECT_EQ(yes, 1U);
  EXPECT_EQ(no, 19U);
  EXPECT_EQ(store.patches, 1U);
  EXPECT_EQ(told(EventType::update_completed), 1U);
}

TEST_F(Request, T24_T57_requests_have_distinct_valid_names) {
  store.deploy("StatefulSet", "web", {{"a", "nginx:1.25.0"}, {"b", "nginx:1.25.0"}}, manual);
  store.deploy("DaemonSet", "web", {{"a", "nginx:1.25.0"}}, manual);
  store.deploy("Deployment", "web", {{"a", "nginx:1.25.0"}}, manual);
  World& world = begin();
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.requests.size(), 4U);
  const auto names = store.request_names();
  EXPECT_TRUE(std::find(names.begin(), names.end(), "web-1-26-0") != names.end()) << "the plain name of 0.1.x";
  EXPECT_TRUE(std::find(names.begin(), names.end(), "web-a-1-26-0") != names.end());
  for (const std::string& name : names) EXPECT_LE(name.size(), 253U);
}

TEST_F(Request, T60_a_hand_made_request_without_approval_is_applied_within_limits) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, manual);
  World& world = begin();
  store.push(nginx, "1.26.0");
  const auto make = [&](const std::string& name, const std::string& container, const std::string& image,
                        const std::string& target_namespace = "prod", std::int64_t lifetime_ms = 60'000) {
    UpdateRequest request;
    request.key = {"prod", name};
    request.target_api_version = "apps/v1", request.target_kind = "Deployment", request.target_name = "web";
    request.target_namespace = target_namespace;
    request.container = container, request.current_image = "nginx:1.25.0", request.new_image = image,
    request.policy = "minor";
    request.require_approval = false;
    request.expires_at_ms = system_clock().unix_ms() + lifetime_ms;
    store.create(request);
    world.watch();
    world.settle();
    return store.request(name);
  };
  EXPECT_EQ(make("foreign", "app", "nginx:1.26.0", "other").phase, Phase::failed) << "another namespace";
  EXPECT_EQ(make("nobody", "nope", "nginx:1.26.0").phase, Phase::failed) << "no such container";
  EXPECT_EQ(make("evil", "app", "evil/nginx:1.26.0").phase, Phase::failed) << "another repository";
  EXPECT_EQ(make("absent", "app", "nginx:9.9.9").phase, Phase::failed) << "the registry does not have it";
  EXPECT_EQ(make("old", "app", "nginx:1.26.0", "prod", -1000).phase, Phase::expired) << "its time was over";
  EXPECT_EQ(store.patches, 0U);
  EXPECT_EQ(make("fine", "app", "nginx:1.26.0").phase, Phase::completed);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Request, an_approval_written_by_kubectl_is_carried_out) {
  World& world = proposed();
  store.merge({"prod", "web-app-1-26-0"}, R"({"status":{"phase":"Approved","approvedBy":"kubectl"}})", {}, true);
  world.watch();
  world.settle();
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::completed);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Request, an_approval_is_bound_to_the_digest_that_was_shown) {
  World& world = proposed();
  store.push(nginx, "1.26.0", "sha256:" + std::string(64, 'f'));
  EXPECT_EQ(approve(world, "web-app-1-26-0").error().code, Code::conflict);
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::superseded);
  EXPECT_EQ(store.patches, 0U);
}

TEST_F(Request, an_approval_waits_for_a_registry_that_is_away) {
  World& world = proposed();
  world.registry_error = make_error(Code::unavailable, "registry-1.docker.io does not answer");
  const auto waits = approve(world, "web-app-1-26-0");
  ASSERT_TRUE(waits);
  EXPECT_EQ(waits->phase, Phase::approved);
  EXPECT_NE(waits->message.find("waits for the registry"), std::string::npos);
  EXPECT_EQ(store.patches, 0U);
}

}  // namespace
}  // namespace headwind::update::testing
