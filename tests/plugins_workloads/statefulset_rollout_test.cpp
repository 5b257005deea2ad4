// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "plugins_workloads/pod_world.hpp"

namespace headwind::workloads {
namespace {

using testing::HasSubstr;

constexpr const char* before = "db-6f4";
constexpr const char* now = "db-7c9";

Rollout verdict_on(const Json& set, const Texts& companions = {}) {
  return verdict(read_statefulset_rollout, set, companions);
}

// Three replicas; `updated` of them are of the new revision.
Json set_json(int updated, int ready, const std::string& current = before) {
  return {{"apiVersion", "apps/v1"},
          {"kind", "StatefulSet"},
          {"metadata", {{"name", "db"}, {"uid", "sts"}, {"generation", 2}}},
          {"spec",
           {{"replicas", 3},
            {"podManagementPolicy", "OrderedReady"},
            {"updateStrategy", {{"type", "RollingUpdate"}, {"rollingUpdate", {{"partition", 0}}}}}}},
          {"status",
           {{"observedGeneration", 2},
            {"replicas", 3},
            {"readyReplicas", ready},
            {"availableReplicas", ready},
            {"updatedReplicas", updated},
            {"currentRevision", current},
            {"updateRevision", now}}}};
}
Json with_partition(Json set, int partition) {
  set["spec"]["updateStrategy"]["rollingUpdate"]["partition"] = partition;
  return set;
}
Json on_delete(Json set) {
  set["spec"]["updateStrategy"] = {{"type", "OnDelete"}};
  return set;
}

PodJson pod_of(const char* revision, int ordinal, const std::string& owner = "sts") {
  return PodJson("db-" + std::to_string(ordinal))
      .owner("StatefulSet", owner)
      .label("controller-revision-hash", revision);
}
PodJson old_pod(int ordinal) { return pod_of(before, ordinal); }
PodJson new_pod(int ordinal) { return pod_of(now, ordinal); }

TEST(StatefulSetRollout, is_done_when_the_new_revision_is_current_and_available) {
  EXPECT_EQ(verdict_on(set_json(3, 3, now)).state, State::done);
  const Rollout out = verdict_on(set_json(3, 3, now), {new_pod(0).text(), new_pod(1).text(), new_pod(2).text()});
  EXPECT_EQ(out.state, State::done);
  EXPECT_EQ(out.ready, 3);
  EXPECT_EQ(out.wanted, 3);
}

TEST(StatefulSetRollout, runs_until_every_pod_is_new_and_available) {
  EXPECT_EQ(verdict_on(set_json(1, 3)).state, State::running);
  EXPECT_EQ(verdict_on(set_json(3, 2, now)).state, State::running);
  EXPECT_EQ(verdict_on(set_json(3, 3)).state, State::running) << "it is not the current revision yet";
  Json ready_only = set_json(3, 3, now);
  ready_only["status"]["availableReplicas"] = 2;
  EXPECT_EQ(verdict_on(ready_only).state, State::running) << "minReadySeconds are not over";
  ready_only["status"].erase("availableReplicas");
  EXPECT_EQ(verdict_on(ready_only).state, State::done) << "an API server that does not count it";
}

TEST(StatefulSetRollout, a_status_older_than_the_spec_proves_nothing) {
  Json stale = set_json(3, 3, now);
  stale["metadata"]["generation"] = 3;
  EXPECT_EQ(verdict_on(stale).state, State::running);
  EXPECT_EQ(verdict_on(stale, {new_pod(2).containers({crashing("app")}).text()}).state, State::running);
}

TEST(StatefulSetRollout, fails_when_a_new_pod_crashes) {
  const Rollout out = verdict_on(
      set_json(1, 2), {old_pod(0).text(), old_pod(1).text(), new_pod(2).containers({crashing("app")}).text()});
  EXPECT_EQ(out.state, State::failed);
  EXPECT_THAT(out.reason, HasSubstr("pod db-2: container app: CrashLoopBackOff"));
  EXPECT_EQ(out.ready, 0);
}

TEST(StatefulSetRollout, is_not_done_while_a_pod_crashes_and_the_status_still_says_available) {
  const Texts pods{new_pod(0).text(), new_pod(1).text(), new_pod(2).containers({crashing("app")}).text()};
  EXPECT_EQ(verdict_on(set_json(3, 3, now), pods).state, State::failed);
  const Texts ended{new_pod(0).text(), new_pod(1).text(), new_pod(2).containers({terminated("app", 1)}).text()};
  EXPECT_EQ(verdict_on(set_json(3, 3, now), ended).state, State::running);
}

TEST(StatefulSetRollout, pods_of_an_older_revision_or_another_owner_never_fail_it) {
  const Texts pods{old_pod(0).containers({crashing("app", 9)}).text(),
                   pod_of(now, 7, "another").containers({crashing("app")}).text(),
                   new_pod(2).containers({crashing("app")}).deleting().text()};
  EXPECT_EQ(verdict_on(set_json(1, 2), pods).state, State::running);
}

TEST(StatefulSetRollout, an_old_pod_that_blocks_the_update_is_told_with_the_remedy) {
  // A revision was rolled back before its first pod became ready: the controller waits for that pod for ever.
  Json back = set_json(2, 2, now);
  const Rollout out = verdict_on(
      back, {new_pod(0).text(), new_pod(1).text(), old_pod(2).containers({waiting("app", "ImagePullBackOff")}).text()});
  EXPECT_EQ(out.state, State::running);
  EXPECT_EQ(out.reason,
            "2 of 3 replicas are updated; a pod of an older revision is broken and may have to be deleted by hand: pod "
            "db-2: container app: ImagePullBackOff");
}

TEST(StatefulSetRollout, rolled_back_it_is_not_done_while_a_pod_of_the_other_revision_is_left) {
  EXPECT_EQ(verdict_on(set_json(2, 3, now)).state, State::running);
  Json none = set_json(0, 3, now);
  none["status"].erase("updatedReplicas");
  EXPECT_EQ(verdict_on(none).state, State::running) << "zero is left out of the JSON";
}

TEST(StatefulSetRollout, after_a_rollback_the_past_of_pods_that_stayed_does_not_count) {
  const Texts pods{new_pod(0).containers({running("app", true, 30)}).text(), new_pod(1).text(), new_pod(2).text()};
  EXPECT_EQ(verdict_on(set_json(3, 3, now), pods).state, State::done);
  EXPECT_EQ(verdict_on(set_json(3, 3), pods).state, State::failed) << "on the way forward it does";
}

TEST(StatefulSetRollout, a_partition_is_done_when_the_pods_above_it_are_and_says_so) {
  const Json set = with_partition(set_json(1, 3), 2);
  const Rollout out = verdict_on(set, {old_pod(0).text(), old_pod(1).text(), new_pod(2).text()});
  EXPECT_EQ(out.state, State::done);
  EXPECT_EQ(out.reason,
            "1 of 3 replicas are updated and available; its partition keeps 2 replicas at the older revision");
  EXPECT_EQ(out.ready, 1);
  EXPECT_EQ(out.wanted, 1);
  EXPECT_EQ(verdict_on(set).state, State::done) << "the status alone says it too";
  EXPECT_EQ(verdict_on(with_partition(set_json(0, 3), 2)).state, State::running);
}

TEST(StatefulSetRollout, with_a_partition_an_old_pod_that_is_not_ready_does_not_matter) {
  const Json set = with_partition(set_json(1, 2), 2);
  const PodJson broken = old_pod(0).containers({crashing("app", 9)});
  EXPECT_EQ(verdict_on(set, {broken.text(), old_pod(1).text(), new_pod(2).text()}).state, State::done);
  EXPECT_EQ(
      verdict_on(set, {old_pod(0).text(), old_pod(1).text(), new_pod(2).containers({running("app", false)}).text()})
          .state,
      State::running);
  EXPECT_EQ(verdict_on(set, {broken.text(), old_pod(1).text(), new_pod(2).containers({crashing("app")}).text()}).state,
            State::failed);
}

TEST(StatefulSetRollout, a_partition_with_ready_seconds_waits_for_the_status_to_count_them) {
  Json set = with_partition(set_json(1, 3), 2);
  set["spec"]["minReadySeconds"] = 30;
  set["status"]["availableReplicas"] = 2;
  const Texts pods{old_pod(0).text(), old_pod(1).text(), new_pod(2).text()};
  EXPECT_EQ(verdict_on(set, pods).state, State::running);
  set["status"]["availableReplicas"] = 3;
  EXPECT_EQ(verdict_on(set, pods).state, State::done);
}

TEST(StatefulSetRollout, a_partition_that_leaves_no_pod_to_update_is_held) {
  for (const int partition : {3, 100}) {
    const Rollout out = verdict_on(with_partition(set_json(0, 3), partition));
    EXPECT_EQ(out.state, State::held);
    EXPECT_THAT(out.reason, HasSubstr("partition"));
  }
  EXPECT_EQ(verdict_on(with_partition(set_json(3, 3, now), 3)).state, State::done) << "every pod has this template";
}

TEST(StatefulSetRollout, after_a_rollback_the_bad_pod_above_the_partition_counts_until_it_is_replaced) {
  // Those that the partition keeps are of the revision that is gone back to: they stand for no other.
  const Json set = with_partition(set_json(2, 2, now), 2);
  const Rollout out =
      verdict_on(set, {new_pod(0).text(), new_pod(1).text(), old_pod(2).containers({crashing("app", 9)}).text()});
  EXPECT_EQ(out.state, State::running);
  EXPECT_THAT(out.reason, HasSubstr("2 of 3 replicas are updated"));
  EXPECT_THAT(out.reason, HasSubstr("a pod of an older revision is broken"));
  EXPECT_EQ(verdict_on(set).state, State::running) << "the status alone says it too";
  EXPECT_EQ(verdict_on(with_partition(set_json(3, 2, now), 2)).state, State::running) << "not ready yet";
  EXPECT_EQ(verdict_on(with_partition(set_json(3, 3, now), 2)).state, State::done);
}

TEST(StatefulSetRollout, on_delete_is_held_while_old_pods_are_left) {
  const Rollout out = verdict_on(on_delete(set_json(1, 3)), {old_pod(0).text(), new_pod(2).text()});
  EXPECT_EQ(out.state, State::held);
  EXPECT_THAT(out.reason, HasSubstr("OnDelete"));
  EXPECT_THAT(out.reason, HasSubstr("1 of 3"));
}

TEST(StatefulSetRollout, on_delete_knows_no_partition) {
  Json set = with_partition(set_json(1, 3), 2);
  set["spec"]["updateStrategy"]["type"] = "OnDelete";
  EXPECT_EQ(verdict_on(set).state, State::held);
  EXPECT_EQ(verdict_on(set).wanted, 3);
}

TEST(StatefulSetRollout, on_delete_is_done_though_its_revision_never_becomes_the_current_one) {
  EXPECT_EQ(verdict_on(on_delete(set_json(3, 3))).state, State::done);
}

TEST(StatefulSetRollout, on_delete_fails_when_the_pod_that_was_replaced_crashes) {
  EXPECT_EQ(verdict_on(on_delete(set_json(1, 2)), {new_pod(2).containers({crashing("app")}).text()}).state,
            State::failed);
}

TEST(StatefulSetRollout, in_parallel_one_crashing_pod_of_many_fails_it) {
  Json set = set_json(3, 2);
  set["spec"]["podManagementPolicy"] = "Parallel";
  set["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"] = 3;
  EXPECT_EQ(
      verdict_on(set, {new_pod(0).containers({crashing("app")}).text(), new_pod(1).text(), new_pod(2).text()}).state,
      State::failed);
}

TEST(StatefulSetRollout, zero_replicas_are_held) {
  Json set = set_json(0, 0);
  set["spec"]["replicas"] = 0;
  const Rollout out = verdict_on(set);
  EXPECT_EQ(out.state, State::held);
  EXPECT_THAT(out.reason, HasSubstr("scaled to zero"));
}

TEST(StatefulSetRollout, pods_that_are_refused_leave_no_trace_in_its_status_so_it_runs) {
  Json set = set_json(0, 2);
  set["status"]["replicas"] = 2;
  EXPECT_EQ(verdict_on(set, {old_pod(0).text(), old_pod(1).text()}).state, State::running);
}

}  // namespace
}  // namespace headwind::workloads
