// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "plugins_workloads/pod_world.hpp"

namespace headwind::workloads {
namespace {

using testing::HasSubstr;

constexpr const char* annotation = "deprecated.daemonset.template.generation";

Rollout verdict_on(const Json& set, const Texts& companions = {}) {
  return verdict(read_daemonset_rollout, set, companions);
}

// On three nodes; the template is at generation 5.
Json set_json(int updated, int available) {
  return {{"apiVersion", "apps/v1"},
          {"kind", "DaemonSet"},
          {"metadata", {{"name", "agent"}, {"uid", "ds"}, {"generation", 7}, {"annotations", {{annotation, "5"}}}}},
          {"spec", {{"updateStrategy", {{"type", "RollingUpdate"}, {"rollingUpdate", {{"maxUnavailable", 1}}}}}}},
          {"status",
           {{"observedGeneration", 7},
            {"desiredNumberScheduled", 3},
            {"currentNumberScheduled", 3},
            {"updatedNumberScheduled", updated},
            {"numberReady", available},
            {"numberAvailable", available}}}};
}
Json on_delete(Json set) {
  set["spec"]["updateStrategy"] = {{"type", "OnDelete"}};
  return set;
}

PodJson pod_of(const std::string& name, int generation, const std::string& hash, const std::string& owner = "ds") {
  return PodJson("agent-" + name)
      .owner("DaemonSet", owner)
      .label("pod-template-generation", std::to_string(generation))
      .label("controller-revision-hash", hash);
}
PodJson old_pod(const std::string& name) { return pod_of(name, 4, "6f4").created("2024-04-01T10:00:00Z"); }
PodJson new_pod(const std::string& name) { return pod_of(name, 5, "7c9"); }

TEST(DaemonSetRollout, is_done_when_every_node_is_updated_and_available) {
  EXPECT_EQ(verdict_on(set_json(3, 3)).state, State::done);
  const Rollout out = verdict_on(set_json(3, 3), {new_pod("a").text(), new_pod("b").text(), new_pod("c").text()});
  EXPECT_EQ(out.state, State::done);
  EXPECT_EQ(out.ready, 3);
  EXPECT_EQ(out.wanted, 3);
}

TEST(DaemonSetRollout, runs_until_every_node_is_updated_and_available) {
  EXPECT_EQ(verdict_on(set_json(1, 3)).reason, "1 of 3 nodes are updated");
  EXPECT_EQ(verdict_on(set_json(1, 3)).state, State::running);
  EXPECT_EQ(verdict_on(set_json(3, 2)).state, State::running);
  Json stale = set_json(3, 3);
  stale["metadata"]["generation"] = 8;
  EXPECT_EQ(verdict_on(stale, {new_pod("a").containers({crashing("app")}).text()}).state, State::running);
}

TEST(DaemonSetRollout, one_new_pod_that_crashes_fails_it_while_the_old_ones_serve) {
  const Rollout out = verdict_on(
      set_json(1, 2), {old_pod("a").text(), old_pod("b").text(), new_pod("c").containers({crashing("app")}).text()});
  EXPECT_EQ(out.state, State::failed);
  EXPECT_THAT(out.reason, HasSubstr("pod agent-c: container app: CrashLoopBackOff"));
  EXPECT_EQ(out.ready, 0);
}

TEST(DaemonSetRollout, is_not_done_while_a_pod_crashes_and_the_status_still_says_available) {
  const Texts pods{new_pod("a").text(), new_pod("b").text(), new_pod("c").containers({crashing("app")}).text()};
  EXPECT_EQ(verdict_on(set_json(3, 3), pods).state, State::failed);
  const Texts ended{new_pod("a").text(), new_pod("b").text(), new_pod("c").containers({terminated("app", 1)}).text()};
  EXPECT_EQ(verdict_on(set_json(3, 3), ended).state, State::running);
}

TEST(DaemonSetRollout, pods_of_an_older_revision_or_another_owner_never_fail_it) {
  const Texts pods{old_pod("a").containers({crashing("app", 9)}).text(), old_pod("b").text(),
                   pod_of("x", 5, "7c9", "another").containers({crashing("app")}).text(),
                   new_pod("c").containers({crashing("app")}).deleting().text()};
  EXPECT_EQ(verdict_on(set_json(1, 2), pods).state, State::running);
}

TEST(DaemonSetRollout, before_the_first_new_pod_nobody_is_blamed) {
  const Texts pods{old_pod("a").containers({crashing("app", 9)}).text(), old_pod("b").text()};
  EXPECT_EQ(verdict_on(set_json(0, 2), pods).state, State::running);
  Json untold = set_json(0, 2);
  untold["metadata"].erase("annotations");
  EXPECT_EQ(verdict_on(untold, pods).state, State::running);
}

TEST(DaemonSetRollout, the_highest_generation_is_the_new_one_where_the_object_names_none) {
  Json untold = set_json(1, 2);
  untold["metadata"].erase("annotations");
  const Texts bad{old_pod("a").text(), new_pod("c").containers({crashing("app")}).text()};
  EXPECT_EQ(verdict_on(untold, bad).state, State::failed);
  const Texts good{old_pod("a").containers({crashing("app")}).text(), new_pod("c").text()};
  EXPECT_EQ(verdict_on(untold, good).state, State::running);
}

TEST(DaemonSetRollout, after_a_rollback_the_pods_that_were_never_replaced_are_new_by_their_hash) {
  // Generation 5 is generation 3 again: a and b stayed, c had been replaced at generation 4 and came back at 5.
  const auto stayed = [](const std::string& name) { return pod_of(name, 3, "5ab").created("2024-03-01T10:00:00Z"); };
  const PodJson back = pod_of("c", 5, "5ab");
  const Rollout out = verdict_on(
      set_json(3, 3), {stayed("a").containers({running("app", true, 30)}).text(), stayed("b").text(), back.text()});
  EXPECT_EQ(out.state, State::done) << "the past of a pod that stayed does not count";
  EXPECT_EQ(out.ready, 3);
  EXPECT_EQ(verdict_on(set_json(3, 3), {stayed("a").containers({crashing("app")}).text(), back.text()}).state,
            State::failed)
      << "its present does";
  EXPECT_EQ(verdict_on(set_json(2, 2),
                       {stayed("a").text(), back.text(), pod_of("b", 4, "6f4").containers({crashing("app")}).text()})
                .state,
            State::running)
      << "the version that was left does not";
}

TEST(DaemonSetRollout, after_a_rollback_that_replaced_nobody_all_pods_are_new) {
  const auto stayed = [](const std::string& name) { return pod_of(name, 3, "5ab"); };
  const Texts pods{stayed("a").text(), stayed("b").text(), stayed("c").containers({crashing("app")}).text(),
                   pod_of("d", 4, "6f4").deleting().text()};
  EXPECT_EQ(verdict_on(set_json(3, 3), pods).state, State::failed);
}

TEST(DaemonSetRollout, where_one_generation_has_two_hashes_the_younger_one_is_new) {
  const Texts pods{new_pod("b").created("2024-05-01T11:00:00Z").text(), pod_of("c", 5, "6f4").text(),
                   pod_of("a", 4, "6f4").containers({crashing("app")}).text()};
  EXPECT_EQ(verdict_on(set_json(2, 2), pods).state, State::running);
}

TEST(DaemonSetRollout, where_two_hashes_could_be_the_new_one_nobody_is_blamed) {
  const Texts pods{pod_of("a", 3, "5ab").text(), pod_of("b", 4, "6f4").containers({crashing("app")}).text()};
  EXPECT_EQ(verdict_on(set_json(2, 2), pods).state, State::running);
}

TEST(DaemonSetRollout, pods_without_any_generation_are_new_by_the_status) {
  Json untold = set_json(3, 2);
  untold["metadata"].erase("annotations");
  const PodJson bare = PodJson("agent-a").owner("DaemonSet", "ds").label("controller-revision-hash", "7c9");
  EXPECT_EQ(verdict_on(untold, {PodJson(bare).containers({crashing("app")}).text()}).state, State::failed);
}

TEST(DaemonSetRollout, on_delete_is_held_while_old_pods_are_left) {
  const Rollout out = verdict_on(on_delete(set_json(1, 3)), {old_pod("a").text(), new_pod("c").text()});
  EXPECT_EQ(out.state, State::held);
  EXPECT_THAT(out.reason, HasSubstr("OnDelete"));
  EXPECT_EQ(verdict_on(on_delete(set_json(3, 3))).state, State::done);
  EXPECT_EQ(verdict_on(on_delete(set_json(1, 2)), {new_pod("c").containers({crashing("app")}).text()}).state,
            State::failed);
}

TEST(DaemonSetRollout, no_node_at_all_is_held) {
  Json nowhere = set_json(0, 0);
  nowhere["status"]["desiredNumberScheduled"] = 0;
  const Rollout out = verdict_on(nowhere);
  EXPECT_EQ(out.state, State::held);
  EXPECT_THAT(out.reason, HasSubstr("no node"));
}

TEST(DaemonSetRollout, a_pod_that_does_not_fit_its_node_waits) {
  const Rollout out = verdict_on(set_json(1, 2), {new_pod("c").unschedulable("0/3 nodes: Insufficient memory").text()});
  EXPECT_EQ(out.state, State::running);
  EXPECT_THAT(out.reason, HasSubstr("Insufficient memory"));
}

TEST(EveryRollout, what_is_no_object_is_refused_with_a_sentence) {
  for (const Reader reader : {read_deployment_rollout, read_statefulset_rollout, read_daemonset_rollout}) {
    for (const char* object : {"nonsense", "", "[]", "7"}) {
      Rollout out;
      std::string error;
      EXPECT_FALSE(reader(object, Companions(), out, error));
      EXPECT_FALSE(error.empty());
    }
  }
}

TEST(EveryRollout, an_object_without_anything_gives_a_sentence) {
  for (const Reader reader : {read_deployment_rollout, read_statefulset_rollout, read_daemonset_rollout}) {
    EXPECT_NE(verdict(reader, Json::object()).state, State::done);
    EXPECT_NE(verdict(reader, {{"metadata", 7}, {"spec", "x"}, {"status", Json::array()}}).state, State::failed);
  }
}

}  // namespace
}  // namespace headwind::workloads
