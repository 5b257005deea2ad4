// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "plugins_workloads/deployment_world.hpp"

namespace headwind::workloads {
namespace {

using testing::HasSubstr;

Rollout verdict_on(const Json& deployment, const Texts& companions = {}) {
  return verdict(read_deployment_rollout, deployment, companions);
}
// One new pod of three is there, all three old ones serve.
Json surging() { return deployment_json(1, 4, 3); }
Json complete() { return deployment_json(3, 3, 3); }

TEST(DeploymentRollout, is_done_when_all_replicas_are_new_and_available) {
  const Rollout out = verdict_on(complete());
  EXPECT_EQ(out.state, State::done);
  EXPECT_EQ(out.ready, 3);
  EXPECT_EQ(out.wanted, 3);
  EXPECT_EQ(verdict_on(complete(), with_sets({new_pod("a"), new_pod("b"), new_pod("c")}, new_set(3), old_set(0))).state,
            State::done);
}

TEST(DeploymentRollout, a_status_older_than_the_spec_proves_nothing) {
  Json stale = complete();
  stale["metadata"]["generation"] = 3;
  add_condition(stale, "Progressing", "False", "ProgressDeadlineExceeded", "timed out");
  const Rollout out = verdict_on(stale, with_sets({new_pod("a").containers({crashing("app")})}));
  EXPECT_EQ(out.state, State::running);
  EXPECT_THAT(out.reason, HasSubstr("not seen the change"));
  stale.erase("status");
  EXPECT_EQ(verdict_on(stale).state, State::running) << "no status at all";
}

TEST(DeploymentRollout, runs_while_replicas_are_missing_old_or_unavailable) {
  EXPECT_EQ(verdict_on(surging()).reason, "1 of 3 replicas are updated");
  EXPECT_EQ(verdict_on(deployment_json(3, 4, 4)).reason, "1 old replica still there");
  EXPECT_EQ(verdict_on(deployment_json(3, 3, 2)).reason, "2 of 3 updated replicas are available");
  for (const Json& one : {surging(), deployment_json(3, 4, 4), deployment_json(3, 3, 2)})
    EXPECT_EQ(verdict_on(one).state, State::running);
}

TEST(DeploymentRollout, fails_when_a_new_pod_crashes_while_the_old_ones_serve) {
  const Rollout out = verdict_on(
      surging(), with_sets({old_pod("x"), old_pod("y"), old_pod("z"), new_pod("a").containers({crashing("app")})}));
  EXPECT_EQ(out.state, State::failed);
  EXPECT_EQ(out.reason,
            "pod web-2bb-a: container app: CrashLoopBackOff: back-off 10s restarting failed container (exit code 1, 3 "
            "restarts)");
  EXPECT_EQ(out.ready, 0) << "the old ones do not count";
  EXPECT_EQ(out.wanted, 3);
}

TEST(DeploymentRollout, several_failing_pods_give_one_sentence_in_the_order_of_names) {
  const Texts pods =
      with_sets({new_pod("c").containers({crashing("app")}), new_pod("a").containers({waiting("app", "ErrImagePull")}),
                 new_pod("b"), new_pod("d").containers({crashing("app")})});
  EXPECT_EQ(verdict_on(surging(), pods).reason, "pod web-2bb-a: container app: ErrImagePull (and 2 other pods)");
}

TEST(DeploymentRollout, is_not_done_while_a_pod_crashes_and_the_status_still_says_available) {
  const auto with = [](const PodJson& third) {
    return with_sets({new_pod("a"), new_pod("b"), third}, new_set(3), old_set(0));
  };
  EXPECT_EQ(verdict_on(complete(), with(new_pod("c").containers({crashing("app")}))).state, State::failed);
  const Rollout just_ended = verdict_on(complete(), with(new_pod("c").containers({terminated("app", 1)})));
  EXPECT_EQ(just_ended.state, State::running);
  EXPECT_EQ(just_ended.ready, 2);
  EXPECT_THAT(just_ended.reason, HasSubstr("web-2bb-c"));
}

TEST(DeploymentRollout, pods_of_an_older_revision_never_count) {
  const Texts pods = with_sets({old_pod("x").containers({crashing("app", 9)}),
                                old_pod("y").containers({running("app", true, 40)}), new_pod("a")});
  const Rollout out = verdict_on(surging(), pods);
  EXPECT_EQ(out.state, State::running);
  EXPECT_EQ(out.ready, 1);
}

TEST(DeploymentRollout, pods_of_another_owner_never_count) {
  const Json strange_set = replica_set_json("9zz", 7, 1, lately, "another deployment");
  Texts pods = with_sets(
      {pod_of("9zz", "a").containers({crashing("app")}),
       PodJson("twin").owner("ReplicaSet", "rs-x").label("pod-template-hash", "2bb").containers({crashing("app")}),
       PodJson("bare").containers({crashing("app")})});
  pods.push_back(strange_set.dump());
  EXPECT_EQ(verdict_on(surging(), pods).state, State::running);
}

TEST(DeploymentRollout, an_orphan_with_the_hash_of_the_new_replica_set_counts) {
  const PodJson orphan =
      PodJson("orphan").label("pod-template-hash", "2bb").created(just_now).containers({crashing("app")});
  EXPECT_EQ(verdict_on(surging(), with_sets({orphan})).state, State::failed);
}

TEST(DeploymentRollout, the_highest_revision_is_the_new_one_where_the_deployment_names_none) {
  Json unnamed = surging();
  unnamed["metadata"].erase("annotations");
  EXPECT_EQ(verdict_on(unnamed, with_sets({new_pod("a").containers({crashing("app")})})).state, State::failed);
  EXPECT_EQ(verdict_on(unnamed, with_sets({old_pod("a").containers({crashing("app")})})).state, State::running);
}

TEST(DeploymentRollout, no_replica_set_is_taken_for_the_new_one_before_that_one_is_seen) {
  const Texts pods{old_set().dump(), old_pod("x").containers({crashing("app")}).text()};
  EXPECT_EQ(verdict_on(surging(), pods).state, State::running);
}

TEST(DeploymentRollout, a_revision_that_still_names_the_old_replica_set_blames_nobody) {
  // The number of replicas changed together with the template: the status is current, the annotation is not.
  Json scaled = deployment_json(0, 3, 3, 5);
  scaled["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "1";
  EXPECT_EQ(verdict_on(scaled, {old_set().dump(), old_pod("x").containers({crashing("app")}).text()}).state,
            State::running);
}

TEST(DeploymentRollout, pods_that_leave_never_fail_it) {
  const Texts pods = with_sets({new_pod("a").containers({crashing("app")}).deleting(),
                                new_pod("b").phase("Failed", "Evicted").containers({terminated("app", 137)})});
  EXPECT_EQ(verdict_on(surging(), pods).state, State::running);
}

TEST(DeploymentRollout, an_evicted_pod_does_not_keep_it_from_being_done) {
  const Texts pods = with_sets({new_pod("a"), new_pod("b"), new_pod("c"), new_pod("d").phase("Failed", "Evicted")},
                               new_set(3), old_set(0));
  EXPECT_EQ(verdict_on(complete(), pods).state, State::done);
}

TEST(DeploymentRollout, a_pod_that_ended_with_its_node_does_not_keep_it_from_being_done) {
  const PodJson lost = new_pod("d").phase("Failed").containers({terminated("app", 137, "ContainerStatusUnknown")});
  EXPECT_EQ(verdict_on(complete(), with_sets({new_pod("a"), lost}, new_set(3), old_set(0))).state, State::done);
}

TEST(DeploymentRollout, conditions_that_do_not_hold_are_no_failure) {
  Json deployment = surging();
  add_condition(deployment, "ReplicaFailure", "False", "FailedCreate", "exceeded quota");
  add_condition(deployment, "Progressing", "Unknown", "ProgressDeadlineExceeded", "timed out");
  EXPECT_EQ(verdict_on(deployment).state, State::running);
}

TEST(DeploymentRollout, waits_for_what_only_takes_time_and_says_for_what) {
  const Rollout full = verdict_on(surging(), with_sets({new_pod("a").unschedulable("0/3 nodes are available.")}));
  EXPECT_EQ(full.state, State::running);
  EXPECT_EQ(full.reason, "1 of 3 replicas are updated; pod web-2bb-a: cannot be scheduled: 0/3 nodes are available.");
  const Rollout slow = verdict_on(surging(), with_sets({new_pod("a").containers({running("app", false)})}));
  EXPECT_EQ(slow.state, State::running);
  EXPECT_EQ(slow.reason, "1 of 3 replicas are updated; pod web-2bb-a: container app: is running but not ready");
}

TEST(DeploymentRollout, fails_when_the_controller_gave_up) {
  Json late = surging();
  add_condition(late, "Available", "True", "MinimumReplicasAvailable", "");
  add_condition(late, "Progressing", "False", "ProgressDeadlineExceeded",
                "ReplicaSet \"web-2bb\" has timed out progressing.");
  EXPECT_EQ(verdict_on(late).state, State::failed);
  EXPECT_EQ(verdict_on(late).reason, "ReplicaSet \"web-2bb\" has timed out progressing.");
  const Rollout out = verdict_on(late, with_sets({new_pod("a").containers({running("app", false)})}));
  EXPECT_EQ(out.reason,
            "ReplicaSet \"web-2bb\" has timed out progressing; pod web-2bb-a: container app: is running but not ready");
}

TEST(DeploymentRollout, a_deadline_that_another_replica_set_exceeded_does_not_count) {
  Json rolled_back = surging();
  add_condition(rolled_back, "Progressing", "False", "ProgressDeadlineExceeded",
                "ReplicaSet \"web-1aa\" has timed out progressing.");
  EXPECT_EQ(verdict_on(rolled_back, with_sets({})).state, State::running);
}

TEST(DeploymentRollout, fails_when_pods_are_refused) {
  const std::string quota = R"(pods "web-2bb-" is forbidden: exceeded quota: compute)";
  Json refused = deployment_json(0, 3, 3);
  add_condition(refused, "ReplicaFailure", "True", "FailedCreate", quota);
  EXPECT_EQ(verdict_on(refused).state, State::failed);
  EXPECT_EQ(verdict_on(refused).reason, "pods cannot be created: " + quota);

  Json set = new_set(0);
  add_condition(set, "ReplicaFailure", "True", "FailedCreate", quota);
  EXPECT_EQ(verdict_on(deployment_json(0, 3, 3), with_sets({}, set)).state, State::failed)
      << "the ReplicaSet knows first";
}

TEST(DeploymentRollout, pods_that_the_old_replica_set_cannot_create_do_not_count) {
  Json deployment = surging(), old = old_set();
  add_condition(deployment, "ReplicaFailure", "True", "FailedCreate", "quota");
  add_condition(old, "ReplicaFailure", "True", "FailedCreate", "quota");
  EXPECT_EQ(verdict_on(deployment, with_sets({}, new_set(), old)).state, State::running);
}

TEST(DeploymentRollout, pods_that_cannot_be_deleted_are_no_failure) {
  Json deployment = surging();
  add_condition(deployment, "ReplicaFailure", "True", "FailedDelete", "kubelet is down");
  EXPECT_EQ(verdict_on(deployment).state, State::running);
}

TEST(DeploymentRollout, is_held_while_paused) {
  Json paused = deployment_json(0, 3, 3);
  paused["spec"]["paused"] = true;
  const Rollout out = verdict_on(paused);
  EXPECT_EQ(out.state, State::held);
  EXPECT_EQ(out.reason, "it is paused: 0 of 3 replicas are updated");
  Json over = complete();
  over["spec"]["paused"] = true;
  EXPECT_EQ(verdict_on(over).state, State::done) << "nothing is left to be done";
}

TEST(DeploymentRollout, paused_half_way_it_is_held_and_tells_of_the_pod_that_fails) {
  Json paused = surging();
  paused["spec"]["paused"] = true;
  const Rollout out = verdict_on(paused, with_sets({new_pod("a").containers({crashing("app")})}));
  EXPECT_EQ(out.state, State::held);
  EXPECT_THAT(out.reason, HasSubstr("web-2bb-a"));
}

TEST(DeploymentRollout, paused_with_all_replicas_updated_it_is_not_held) {
  Json paused = deployment_json(3, 3, 2);
  paused["spec"]["paused"] = true;
  EXPECT_EQ(verdict_on(paused).state, State::running) << "the missing one comes by itself";
}

TEST(DeploymentRollout, zero_replicas_are_held_and_one_is_the_default) {
  const Rollout zero = verdict_on(deployment_json(0, 0, 0, 0));
  EXPECT_EQ(zero.state, State::held);
  EXPECT_THAT(zero.reason, HasSubstr("scaled to zero"));
  Json usual = deployment_json(0, 0, 0);
  usual["spec"].erase("replicas");
  EXPECT_EQ(verdict_on(usual).state, State::running);
  EXPECT_EQ(verdict_on(usual).wanted, 1);
}

// Revision 3 is revision 1 again: its ReplicaSet, older than that of revision 2, never lost its pods.
Texts rolled_back_to(std::vector<PodJson> pods) {
  return with_sets(std::move(pods), new_set(0), replica_set_json("1aa", 3, 3, long_ago));
}
Json rolled_back() {
  Json out = complete();
  out["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "3";
  return out;
}

TEST(DeploymentRollout, after_a_rollback_the_past_of_pods_that_stayed_does_not_count) {
  const Texts stayed =
      rolled_back_to({old_pod("x").containers({running("app", true, 30)}), old_pod("y"), old_pod("z")});
  EXPECT_EQ(verdict_on(rolled_back(), stayed).state, State::done);
  const Texts crashes = rolled_back_to({old_pod("x").containers({crashing("app", 30)}), old_pod("y"), old_pod("z")});
  EXPECT_EQ(verdict_on(rolled_back(), crashes).state, State::failed) << "its present does";
  const Texts came = rolled_back_to({pod_of("1aa", "x").created(just_now).containers({running("app", true, 6)})});
  EXPECT_EQ(verdict_on(rolled_back(), came).state, State::failed) << "this one came with the rollback";
}

TEST(DeploymentRollout, a_rollback_is_seen_by_its_replica_set_before_the_deployment_names_it) {
  Json behind = complete();
  behind["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "2";
  const Texts pods = with_sets({old_pod("x"), old_pod("y"), new_pod("a").containers({crashing("app")})}, new_set(1),
                               replica_set_json("1aa", 3, 3, long_ago));
  behind["status"]["replicas"] = 4;
  EXPECT_EQ(verdict_on(behind, pods).state, State::running);
  EXPECT_EQ(verdict_on(behind, pods).ready, 2);
}

TEST(DeploymentRollout, after_a_rollback_the_pods_of_the_version_that_was_left_do_not_count) {
  const Texts pods = rolled_back_to({old_pod("x"), new_pod("a").containers({crashing("app")})});
  EXPECT_EQ(verdict_on(rolled_back(), pods).state, State::done);
}

TEST(DeploymentRollout, absurd_numbers_do_no_harm) {
  Json absurd = surging();
  absurd["spec"]["replicas"] = 9223372036854775807;
  absurd["status"]["replicas"] = -5;
  absurd["status"]["updatedReplicas"] = 9223372036854775807;
  absurd["status"]["readyReplicas"] = 1e99;
  absurd["status"]["availableReplicas"] = "x";
  const Rollout out = verdict_on(absurd);
  EXPECT_EQ(out.state, State::running);
  EXPECT_EQ(out.wanted, 2147483647);
  EXPECT_EQ(out.ready, 0);
}

TEST(DeploymentRollout, an_endless_message_is_cut_to_512_bytes_of_whole_characters) {
  std::string endless;
  for (int i = 0; i < 5000; ++i) endless += "\xE2\x82\xAC";
  const Rollout out = verdict_on(
      surging(),
      with_sets({new_pod(std::string(250, 'x')).containers({waiting("app", "RunContainerError", endless)})}));
  EXPECT_EQ(out.state, State::failed);
  EXPECT_GT(out.reason.size(), 400u);
  EXPECT_NO_THROW(static_cast<void>(Json(out.reason).dump())) << "it is UTF-8";
}

TEST(DeploymentRollout, without_a_uid_nothing_belongs_to_it) {
  Json nobody = surging();
  nobody["metadata"].erase("uid");
  Json set = new_set();
  set["metadata"].erase("ownerReferences");
  EXPECT_EQ(verdict_on(nobody, {set.dump(), new_pod("a").containers({crashing("app")}).text()}).state, State::running);
}

}  // namespace
}  // namespace headwind::workloads
