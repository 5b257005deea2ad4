// SPDX-License-Identifier: Apache-2.0
// Things that happen at the same time as our own steps: nothing is lost, nothing is undone twice.
#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "telemetry/log_control.hpp"
#include "update/history.hpp"
#include "world.hpp"

namespace headwind::update::testing {
namespace {

const std::string nginx = "docker.io/library/nginx";
using Annotations = std::map<std::string, std::string>;
const Annotations automatic{{"policy", "minor"}, {"require-approval", "false"}, {"min-update-interval", "0"}};
const Annotations manual{{"policy", "minor"}, {"min-update-interval", "0"}};

struct Race : ::testing::Test {
  World& begin(const Annotations& annotations) {
    store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, annotations);
    World& world = launch(store);
    world.start();
    return world;
  }
  void set_image(const std::string& image) {
    store.edit(deployment("web"),
               [&](nlohmann::json& o) { o["spec"]["template"]["spec"]["containers"][0]["image"] = image; });
  }
  void annotate(const std::string& key, const std::string& value) {
    store.edit(deployment("web"),
               [&](nlohmann::json& o) { o["metadata"]["annotations"]["headwind.sh/" + key] = value; });
  }
  std::size_t told(EventType type) const {
    return static_cast<std::size_t>(
        std::count_if(store.told.begin(), store.told.end(), [&](const Notification& n) { return n.type == type; }));
  }
  Phase phase(const std::string& name) const { return store.request(name).phase; }
  Store store;
};

TEST_F(Race, an_undo_that_only_our_own_read_sees_is_remembered) {
  World& world = begin(manual);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a")));
  world.push(nginx, "1.27.0");
  // While the registry is asked for the approval of 1.27.0, somebody undoes 1.26.0.
  world.while_asked = [&] {
    world.while_asked = nullptr;
    store.undo(deployment("web"));
  };
  (void)world.run(world.engine->approve({"prod", "web-app-1-27-0"}, "a"));
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(phase("web-app-1-26-0"), Phase::rolled_back) << "the version that was undone";
  world.push(nginx, "1.26.0");
  EXPECT_EQ(phase("web-app-1-26-0"), Phase::rolled_back);
}

TEST_F(Race, a_forward_fix_by_hand_is_not_an_undo) {
  World& world = begin(automatic);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"})));
  world.settle();
  const std::size_t before = store.requests.size();
  set_image("nginx:1.26.0");
  world.watch();
  world.settle();
  EXPECT_EQ(store.requests.size(), before) << "1.25.0 is not remembered as bad";
}

TEST_F(Race, a_released_version_is_really_applied_when_it_is_approved_again) {
  World& world = begin(manual);
  world.push(nginx, "1.26.0");
  ASSERT_TRUE(world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a")));
  ASSERT_TRUE(world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"})));
  ASSERT_TRUE(world.run(world.engine->release({"prod", "web-app-1-26-0"}, "op")));
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  world.push(nginx, "1.26.0");
  const auto approved = world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  ASSERT_TRUE(approved) << approved.error().message;
  EXPECT_EQ(approved->phase, Phase::completed);
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Race, a_release_outlives_a_restart) {
  World& world = begin(automatic);
  world.push(nginx, "1.26.0");
  const auto outcome = world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"}));
  ASSERT_TRUE(outcome);
  ASSERT_TRUE(world.run(world.engine->release({"prod", outcome->request_name}, "op")));
  world.settle();
  Hint left{nginx, "1.26.0", "", Origin::webhook, "", 1};
  store.inbox[left.key()] = left;
  launch(store).start();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

TEST_F(Race, a_crash_between_a_proposal_and_the_end_of_the_old_one_leaves_one_waiting) {
  World& world = begin(manual);
  world.push(nginx, "1.26.0");
  UpdateRequest newer = store.request("web-app-1-26-0");
  world.push(nginx, "1.27.0");
  ASSERT_EQ(phase("web-app-1-26-0"), Phase::superseded);
  store.merge({"prod", "web-app-1-26-0"}, R"({"status":{"phase":"Pending"}})", {}, true);  // as before the crash
  Hint left{nginx, "1.27.0", "", Origin::webhook, "", 1};
  store.inbox[left.key()] = left;
  launch(store).start();
  EXPECT_EQ(phase("web-app-1-26-0"), Phase::superseded);
  EXPECT_EQ(phase("web-app-1-27-0"), Phase::pending);
}

TEST_F(Race, requests_of_a_workload_that_was_made_anew_are_over) {
  World& world = begin(manual);
  world.push(nginx, "1.26.0");
  store.remove(deployment("web"));
  world.watch();
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, manual);
  store.edit(deployment("web"), [](nlohmann::json& o) { o["metadata"]["uid"] = "another"; });
  world.watch();
  world.settle();
  EXPECT_EQ(phase("web-app-1-26-0"), Phase::superseded);
  EXPECT_FALSE(world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a")));
  EXPECT_EQ(store.patches, 0U);
}

TEST_F(Race, requests_of_a_workload_that_is_gone_still_expire) {
  EngineOptions options = quick();
  options.request_lifetime = std::chrono::milliseconds(300);
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, manual);
  World& world = launch(store, options);
  world.start();
  world.push(nginx, "1.26.0");
  store.remove(deployment("web"));
  world.watch();
  const std::int64_t start = system_clock().mono_ms();
  while (phase("web-app-1-26-0") != Phase::expired && system_clock().mono_ms() - start < 5000) world.settle();
  EXPECT_EQ(phase("web-app-1-26-0"), Phase::expired);
}

TEST_F(Race, an_update_whose_answer_was_lost_is_told_once) {
  World& world = begin(automatic);
  world.lose_next_answer = true;
  world.push(nginx, "1.26.0");
  const std::int64_t start = system_clock().mono_ms();
  while (told(EventType::update_completed) == 0 && system_clock().mono_ms() - start < 10'000) world.settle();
  EXPECT_EQ(store.patches, 1U);
  EXPECT_EQ(told(EventType::update_completed), 1U);
  EXPECT_EQ(world.compat.updates_applied_total.value(), 1);
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(Race, a_rollback_that_changed_nothing_does_not_say_it_did) {
  World& world = begin(automatic);
  world.push(nginx, "1.26.0");
  // Somebody sets another image while the rollback is being written down: only its own patch finds out.
  set_image("nginx:1.26.5");
  const auto outcome = world.run(world.engine->roll_back({deployment("web"), "app", {}, "op", "slow"}));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::conflict);
  EXPECT_EQ(store.image("web"), "nginx:1.26.5");
}

TEST_F(Race, a_suspended_workload_waits_and_then_moves) {
  World& world = begin(automatic);
  annotate("suspend", "true");
  world.watch();
  store.push(nginx, "1.26.0");
  Hint pushed;
  pushed.repository = nginx;
  pushed.tag = "1.26.0";
  pushed.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  ::testing::internal::CaptureStderr();
  ASSERT_TRUE(telemetry::override_log_filter("info"));
  EXPECT_TRUE(world.run(world.engine->take({pushed})));
  world.settle();
  telemetry::end_log_override();
  const std::string log = ::testing::internal::GetCapturedStderr();
  const std::size_t said = log.find("pushed to a suspended workload");
  ASSERT_NE(said, std::string::npos) << log;
  EXPECT_NE(log.find(" trace_id=4bf92f3577b34da6a3ce929d0e0e4736", said), std::string::npos) << log;
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(world.engine->hints_waiting(), 1U) << "what was pushed meanwhile is not lost";
  world.watch();
  world.settle();
  std::vector<std::string> waits;
  for (const std::string& event : store.events)
    if (event.find(" UpdateWaits: ") != std::string::npos) waits.push_back(event);
  ASSERT_EQ(waits.size(), 1U) << "told once";
  EXPECT_EQ(waits[0],
            "Deployment prod/web UpdateWaits: docker.io/library/nginx:1.26.0 waits until headwind.sh/suspend is taken "
            "off Deployment prod/web; nothing "
            "is proposed or applied before");
  annotate("suspend", "false");
  world.watch();
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(world.engine->hints_waiting(), 0U);
}

TEST_F(Race, a_proposal_does_not_stand_in_the_way_of_automatic_updates) {
  World& world = begin(manual);
  world.push(nginx, "1.26.0");
  annotate("require-approval", "false");
  world.watch();
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(phase("web-app-1-26-0"), Phase::superseded);
}

TEST_F(Race, an_answer_that_comes_late_does_not_bring_a_request_back) {
  World& world = begin(manual);
  world.push(nginx, "1.26.0");
  const UpdateRequest late = store.request("web-app-1-26-0");
  store.requests.clear();
  world.engine->request_removed(late.key, late.uid);
  world.engine->request_changed(late);
  EXPECT_TRUE(world.engine->requests().empty());
}

TEST_F(Race, a_deletion_that_is_told_late_leaves_the_request_that_has_the_name_by_now) {
  World& world = begin(manual);
  world.push(nginx, "1.26.0");
  const UpdateRequest now = store.request("web-app-1-26-0");
  world.engine->request_removed(now.key, "uid of the former one");
  ASSERT_EQ(world.engine->requests().size(), 1U);
  ASSERT_TRUE(world.run(world.engine->approve(now.key, "a")));
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
}

}  // namespace
}  // namespace headwind::update::testing
