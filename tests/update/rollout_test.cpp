// SPDX-License-Identifier: Apache-2.0
// Rollouts are followed to their end: what is recorded, told, undone and remembered.
#include "rollout_fixture.hpp"
#include "update/history.hpp"
#include "update/rollout_outcome.hpp"

namespace headwind::update::testing::rollout {
namespace {

TEST_F(Rollout, an_automatic_update_that_comes_up_is_told_and_no_longer_followed) {
  World& world = deployed(with({}));
  world.push(nginx, "1.26.0");
  EXPECT_TRUE(world.followed.empty());
  EXPECT_TRUE(store.requests.empty()) << "one write: the patch";
  EXPECT_EQ(told(EventType::rollout_completed), 1U);
  EXPECT_TRUE(event("RolledOut: containers/app: nginx:1.26.0: 1 of 1"));
}

TEST_F(Rollout, an_approved_update_that_comes_up_has_it_in_its_condition) {
  World& world = deployed(with({}, false));
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::completed);
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "True RolloutComplete");
  EXPECT_EQ(told(EventType::rollout_completed), 1U);
}

TEST_F(Rollout, on_the_way_back_only_pods_of_the_bad_image_may_be_taken_away) {
  World& world = deployed(with(undoing), "StatefulSet");
  world.fates["nginx:1.26.0"] = broken;
  world.fates["nginx:1.25.0"] = stuck;
  world.push(nginx, "1.26.0");
  ASSERT_EQ(store.image("web", "app", "StatefulSet"), "nginx:1.25.0");
  ASSERT_FALSE(world.unblocked.empty());
  for (const auto& bad : world.unblocked) EXPECT_EQ(bad, (std::vector<BadImage>{{"app", "nginx:1.26.0"}}));
}

TEST_F(Rollout, T73_a_failed_automatic_update_is_undone_on_every_kind) {
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"}) {
    store = Store();
    World& world = deployed(with(undoing), kind);
    world.fates["nginx:1.26.0"] = broken;
    world.push(nginx, "1.26.0");
    EXPECT_EQ(store.image("web", "app", kind), "nginx:1.25.0") << kind;
    const std::vector<std::string> names = store.request_names();
    ASSERT_EQ(names.size(), 1U) << kind;
    const UpdateRequest request = store.request(names[0]);
    EXPECT_EQ(request.phase, Phase::rolled_back);
    EXPECT_EQ(request.rollback_by, "headwind-auto-rollback");
    EXPECT_EQ(request.rollback_reason, broken.reason);
    EXPECT_EQ(condition(names[0], condition::rolled_out), "False RolloutFailed");
    EXPECT_EQ(condition(names[0], condition::rolled_back), "True RolloutComplete") << "the way back is watched, too";
    EXPECT_EQ(told(EventType::rollback_triggered), 1U);
    EXPECT_EQ(told(EventType::rollback_completed), 1U);
    EXPECT_EQ(store.patches, 2U);
    const auto history =
        read_history(store.object(inventory::WorkloadKey{kind, "prod", "web"})["metadata"]["annotations"].value(
            "headwind.sh/update-history", ""));
    EXPECT_EQ(history.at(0).image, "nginx:1.25.0");
    EXPECT_EQ(history.at(0).approved_by, "headwind-auto-rollback");
  }
}

TEST_F(Rollout, T71_a_failed_approved_update_is_undone_in_its_own_request) {
  World& world = deployed(with(undoing, false));
  world.fates["nginx:1.26.0"] = broken;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  const UpdateRequest request = store.request("web-app-1-26-0");
  EXPECT_EQ(request.phase, Phase::rolled_back);
  EXPECT_EQ(request.approved_by, "a");
  EXPECT_EQ(store.requests.size(), 1U);
  const auto triggered = std::find_if(store.told.begin(), store.told.end(),
                                      [](const Notification& n) { return n.type == EventType::rollback_triggered; });
  ASSERT_NE(triggered, store.told.end());
  EXPECT_EQ(triggered->error_message, broken.reason);
  EXPECT_EQ(triggered->current_image, "nginx:1.26.0");
  EXPECT_EQ(triggered->new_image, "nginx:1.25.0");
}

TEST_F(Rollout, what_was_proposed_while_a_bad_version_ran_is_proposed_still_when_that_is_undone) {
  World& world = deployed(with(undoing, false));
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  world.push(nginx, "1.27.0");
  ASSERT_EQ(store.request("web-app-1-27-0").current_image, "nginx:1.26.0");
  world.fates["nginx:1.26.0"] = broken;
  world.watch();
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::rolled_back);
  EXPECT_EQ(store.request("web-app-1-27-0").phase, Phase::pending);
  EXPECT_EQ(store.request("web-app-1-27-0").current_image, "nginx:1.25.0");
  EXPECT_TRUE(store.inbox.empty());
}

TEST_F(Rollout, of_an_approved_version_that_a_person_takes_back_the_rollout_is_over) {
  World& world = deployed(with({}, false));
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  ASSERT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Following");
  store.edit(deployment("web"),
             [](nlohmann::json& o) { o["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.25.0"; });
  world.watch();
  world.settle();
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::rolled_back);
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Replaced");
}

TEST_F(Rollout, of_a_workload_that_is_made_anew_the_former_rollout_is_over) {
  World& world = deployed(with({}, false));
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  ASSERT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Following");
  store.edit(deployment("web"), [](nlohmann::json& object) { object["metadata"]["uid"] = "another"; });
  world.watch();
  world.settle();
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Replaced");
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::completed);
}

TEST_F(Rollout, what_failed_is_not_proposed_again_but_the_next_best_is) {
  World& world = deployed(with(undoing));
  world.fates["nginx:1.26.0"] = broken;
  world.push(nginx, "1.26.0");
  for (int i = 0; i < 3; ++i) world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.patches, 2U);
  world.push(nginx, "1.25.9");
  EXPECT_EQ(store.image("web"), "nginx:1.25.9");
}

TEST_F(Rollout, a_second_failure_does_not_go_back_to_a_version_that_failed_and_stayed) {
  World& world = deployed(with({}));
  world.fates["nginx:1.26.0"] = world.fates["nginx:1.27.0"] = broken;
  world.push(nginx, "1.26.0");
  ASSERT_EQ(store.image("web"), "nginx:1.26.0");
  store.edit(deployment("web"),
             [](nlohmann::json& object) { object["metadata"]["annotations"]["headwind.sh/auto-rollback"] = "true"; });
  world.watch();
  world.settle();
  world.push(nginx, "1.27.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0") << "1.26.0 ran before it, and is remembered as bad";
}

TEST_F(Rollout, without_auto_rollback_a_failed_version_stays_and_is_remembered) {
  World& world = deployed(with({}));
  world.fates["nginx:1.26.0"] = broken;
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  ASSERT_EQ(store.request_names(), std::vector<std::string>{"web-app-1-26-0"});
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::failed);
  EXPECT_EQ(store.request("web-app-1-26-0").message, "Update failed: " + broken.reason);
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "False RolloutFailed");
  EXPECT_EQ(told(EventType::update_failed), 1U);
  EXPECT_EQ(told(EventType::rollback_triggered), 0U);
  world.fates.clear();
  world.push(nginx, "1.27.0");
  EXPECT_EQ(store.image("web"), "nginx:1.27.0") << "a newer one is taken";
}

TEST_F(Rollout, a_rollback_that_does_not_come_up_is_told_and_not_undone) {
  World& world = deployed(with(undoing));
  world.fates["nginx:1.25.0"] = world.fates["nginx:1.26.0"] = broken;
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.patches, 2U);
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_back), "False RolloutFailed");
  EXPECT_EQ(told(EventType::rollback_failed), 1U);
  EXPECT_TRUE(event("RollbackFailed"));
}

TEST_F(Rollout, one_that_is_late_is_undone_where_that_is_asked_for_and_else_told) {
  for (const bool undo : {true, false}) {
    store = Store();
    Annotations annotations = with({{"rollback-timeout", "1"}});
    if (undo) annotations["auto-rollback"] = "true";
    World& world = deployed(annotations);
    world.fates["nginx:1.26.0"] = stuck;
    world.push(nginx, "1.26.0");
    world.io.restart();
    world.io.run_for(std::chrono::milliseconds(1100));
    world.settle();
    EXPECT_EQ(store.image("web"), undo ? "nginx:1.25.0" : "nginx:1.26.0");
    EXPECT_EQ(store.requests.size(), undo ? 1U : 0U) << "a slow one is not remembered as bad";
    EXPECT_EQ(event("RolloutTimedOut"), !undo);
  }
}

TEST_F(Rollout, T75_one_that_is_held_is_neither_good_nor_bad_until_somebody_acts) {
  World& world = deployed(with({{"auto-rollback", "true"}, {"rollback-timeout", "1"}}, false));
  world.fates["nginx:1.26.0"] = paused;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Held");
  EXPECT_EQ(store.request("web-app-1-26-0").find_condition(condition::rolled_out)->message, "it is paused");
  EXPECT_EQ(world.followed.size(), 1U);
  EXPECT_TRUE(event("RolloutHeld: it is paused"));
  world.fates["nginx:1.26.0"] = stuck;
  world.settle();
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Following");
  world.fates.clear();
  world.settle();
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "True RolloutComplete");
}

TEST_F(Rollout, one_that_a_person_replaces_is_nobodys_failure) {
  World& world = deployed(with(undoing, false));
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  store.edit(deployment("web"), [](nlohmann::json& object) {
    object["spec"]["template"]["spec"]["containers"][0]["env"] = {{{"name", "A"}, {"value", "1"}}};
  });
  world.fates["nginx:1.26.0"] = broken;
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Replaced");
  EXPECT_TRUE(world.followed.empty());
}

TEST_F(Rollout, one_that_a_person_replaces_is_nobodys_failure_though_only_the_last_look_shows_it) {
  World& world = deployed(with(undoing, false));
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  RolloutView seen = broken;  // by the watch, which is behind: of the pods before the edit
  seen.revision = store.object(deployment("web"))["spec"]["template"]["spec"].dump();
  seen.resource_version = std::to_string(store.version);
  store.edit(deployment("web"), [](nlohmann::json& object) {
    object["spec"]["template"]["spec"]["containers"][0]["env"] = {{{"name", "A"}, {"value", "1"}}};
  });
  world.fates["nginx:1.26.0"] = broken;
  world.engine->rollout_seen(deployment("web"), seen);
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Replaced");
  EXPECT_TRUE(event("RolloutNotFollowed"));
}

TEST_F(Rollout, nobody_is_blamed_where_a_person_changed_one_of_two_slots_that_moved) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}, {"side", "nginx:1.25.0"}}, with(undoing));
  World& world = launch(store, quick(), true);
  world.start();
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  store.edit(deployment("web"), [](nlohmann::json& object) {
    object["spec"]["template"]["spec"]["containers"][1]["image"] = "nginx:1.26.7";
  });
  world.fates["nginx:1.26.0"] = broken;
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  EXPECT_TRUE(store.requests.empty()) << "it is not remembered as bad";
  EXPECT_TRUE(event("RolloutNotFollowed"));
}

TEST_F(Rollout, one_that_a_person_takes_back_while_it_is_held_is_over) {
  World& world = deployed(with(undoing, false));
  world.fates["nginx:1.26.0"] = paused;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  ASSERT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Held");
  store.undo(deployment("web"));
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Replaced");
}

TEST_F(Rollout, a_timeout_of_zero_is_none) {
  World& world = deployed(with({{"auto-rollback", "true"}, {"rollback-timeout", "0"}}));
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  world.fates["nginx:1.26.0"] = broken;
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0") << "a failure is one all the same";
}

TEST_F(Rollout, an_image_set_by_hand_meanwhile_ends_it) {
  World& world = deployed(with(undoing, false));
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  store.edit(deployment("web"), [](nlohmann::json& object) {
    object["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.26.5";
  });
  world.settle();
  EXPECT_EQ(store.image("web"), "nginx:1.26.5");
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown Replaced");
}

TEST_F(Rollout, T74_a_restart_goes_on_following) {
  World& first = deployed(with(undoing));
  first.fates["nginx:1.26.0"] = stuck;
  first.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.26.0");
  World& second = launch(store, quick(), true);
  second.fates["nginx:1.26.0"] = broken;
  second.start();
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
}

TEST_F(Rollout, all_slots_of_one_decision_go_back_together) {
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}, {"side", "nginx:1.25.0"}}, with(undoing));
  World& world = launch(store, quick(), true);
  world.start();
  world.fates["nginx:1.26.0"] = broken;
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.image("web"), "nginx:1.25.0");
  EXPECT_EQ(store.image("web", "side"), "nginx:1.25.0");
  EXPECT_EQ(store.patches, 2U) << "there and back, once each";
  EXPECT_EQ(store.requests.size(), 2U);
}

TEST_F(Rollout, what_no_plugin_can_tell_is_not_followed) {
  World& world = deployed(with({}, false));
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  world.settle();
  world.engine->rollout_seen(deployment("web"), make_error(Code::unsupported, "no"));
  world.settle();
  EXPECT_EQ(condition("web-app-1-26-0", condition::rolled_out), "Unknown NotWatched");
  EXPECT_TRUE(world.followed.empty());
}

TEST_F(Rollout, more_than_the_cap_wait_in_order_and_begin_when_one_ends) {
  for (const char* name : {"a", "b", "c"}) store.deploy("Deployment", name, {{"app", "nginx:1.25.0"}}, with({}));
  EngineOptions options = quick();
  options.max_rollouts = 1;
  World& world = launch(store, options, true);
  world.start();
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.patches, 1U);
  const auto stands = world.engine->rollouts();
  ASSERT_EQ(stands.size(), 3U);
  EXPECT_EQ(stands[0].state, "running");
  EXPECT_EQ(stands[1].position, 1U);
  EXPECT_EQ(stands[2].position, 2U);
  EXPECT_TRUE(event("RolloutQueued: 1 rollouts are under way; position 1 of"));
  world.fates.clear();
  world.settle();
  EXPECT_EQ(store.patches, 3U) << "no new event is needed";
  EXPECT_TRUE(world.engine->rollouts().empty());
}

TEST_F(Rollout, one_that_cannot_be_seen_is_told_after_its_timeout_and_keeps_nobody_waiting) {
  store.deploy("Deployment", "a", {{"app", "nginx:1.25.0"}}, with({{"rollback-timeout", "1"}}, false));
  store.deploy("Deployment", "b", {{"app", "nginx:1.25.0"}}, with({}));
  EngineOptions options = quick();
  options.max_rollouts = 1;
  World& world = launch(store, options, true);
  world.start();
  world.out_of_sight.emplace("a", make_error(Code::denied, "its pods: User may not list pods"));
  world.push(nginx, "1.26.0");
  ASSERT_EQ(store.image("b"), "nginx:1.26.0");
  world.run(world.engine->approve({"prod", "a-app-1-26-0"}, "a"));
  world.settle();
  ASSERT_EQ(store.image("a"), "nginx:1.26.0");
  world.push(nginx, "1.27.0");
  EXPECT_EQ(store.image("b"), "nginx:1.26.0") << "it waits";
  EXPECT_FALSE(event("RolloutNotSeen"));
  for (int i = 0; i < 40 && !event("RolloutNotSeen"); ++i) {
    world.io.restart();
    world.io.run_for(std::chrono::milliseconds(100));
  }
  world.settle();
  EXPECT_TRUE(
      event("Deployment prod/a RolloutNotSeen: whether it comes up has not been seen for 1 s: its pods: User may "
            "not list pods"));
  EXPECT_EQ(condition("a-app-1-26-0", condition::rolled_out), "Unknown NotSeen");
  EXPECT_NE(store.request("a-app-1-26-0").find_condition(condition::rolled_out)->message.find("may not list pods"),
            std::string::npos);
  EXPECT_EQ(store.image("b"), "nginx:1.27.0") << "it does not wait any more";
  world.out_of_sight.clear();
  world.settle();
  EXPECT_EQ(condition("a-app-1-26-0", condition::rolled_out), "True RolloutComplete") << "it was followed all the time";
}

TEST_F(Rollout, done_is_believed_only_after_a_fresh_look) {
  World& world = deployed(with(undoing));
  world.really["web"] = broken;  // the watch is behind
  world.push(nginx, "1.26.0");
  EXPECT_FALSE(event("RolledOut: containers/app: nginx:1.26.0"));
  EXPECT_GT(world.looks, 0U);
}

TEST_F(Rollout, an_approved_one_waits_for_its_turn_as_approved) {
  store.deploy("Deployment", "a", {{"app", "nginx:1.25.0"}}, with({}));
  store.deploy("Deployment", "web", {{"app", "nginx:1.25.0"}}, with({}, false));
  EngineOptions options = quick();
  options.max_rollouts_per_namespace = 1;
  World& world = launch(store, options, true);
  world.start();
  world.fates["nginx:1.26.0"] = stuck;
  world.push(nginx, "1.26.0");
  const auto approved = world.run(world.engine->approve({"prod", "web-app-1-26-0"}, "a"));
  ASSERT_TRUE(approved);
  EXPECT_EQ(approved->phase, Phase::approved);
  EXPECT_EQ(approved->message, "Approved; waits for its turn among rollouts: position 1");
  world.fates.clear();
  world.settle();
  EXPECT_EQ(store.request("web-app-1-26-0").phase, Phase::completed);
}

TEST_F(Rollout, an_approval_that_the_cluster_refuses_gives_its_place_back) {
  store.deploy("Deployment", "a", {{"app", "nginx:1.25.0"}}, with({}, false));
  store.deploy("Deployment", "b", {{"app", "redis:7.0.0"}}, with({}));
  EngineOptions options = quick();
  options.max_rollouts = 1;
  World& world = launch(store, options, true);
  world.start();
  world.push(nginx, "1.26.0");
  world.patch_error = make_error(Code::denied, "exceeded quota");
  world.run(world.engine->approve({"prod", "a-app-1-26-0"}, "someone"));
  EXPECT_TRUE(event("UpdateFailed: UpdateRequest a-app-1-26-0: exceeded quota"));
  world.patch_error.reset();
  world.push("docker.io/library/redis", "7.1.0");
  EXPECT_EQ(store.image("b"), "redis:7.1.0");
}

TEST_F(Rollout, one_that_is_held_does_not_keep_others_waiting) {
  store.deploy("Deployment", "a", {{"app", "nginx:1.25.0"}}, with({}));
  store.deploy("Deployment", "b", {{"app", "nginx:1.25.0"}}, with({}));
  EngineOptions options = quick();
  options.max_rollouts = 1;
  World& world = launch(store, options, true);
  world.start();
  world.fates["nginx:1.26.0"] = paused;
  world.push(nginx, "1.26.0");
  EXPECT_EQ(store.patches, 2U);
}

}  // namespace
}  // namespace headwind::update::testing::rollout
