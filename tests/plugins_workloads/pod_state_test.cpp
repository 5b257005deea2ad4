// SPDX-License-Identifier: Apache-2.0
// What one pod says, each as the kubelet reports it.
#include <gtest/gtest.h>

#include "plugins_workloads/pod_world.hpp"

namespace headwind::workloads {
namespace {

Pod read(const PodJson& json) {
  Companions found;
  found.add(json.text());
  EXPECT_EQ(found.pods().size(), 1u);
  return found.pods().empty() ? Pod{} : found.pods().front();
}

PodJson pod() { return PodJson("web-5d9-abc"); }

TEST(PodState, a_ready_pod_has_nothing_to_say) {
  const Pod seen = read(pod().owner("ReplicaSet", "rs-2").label("pod-template-hash", "5d9"));
  EXPECT_TRUE(seen.ready);
  EXPECT_FALSE(seen.leaving);
  EXPECT_EQ(seen.failure + seen.restarted + seen.pending, "");
  EXPECT_EQ(seen.owner, "rs-2");
  EXPECT_EQ(seen.template_hash, "5d9");
}

TEST(PodState, a_crash_loop_names_pod_container_and_what_the_kubelet_said) {
  const Pod seen = read(pod().containers({crashing("app")}));
  EXPECT_EQ(
      seen.failure,
      "pod web-5d9-abc: container app: CrashLoopBackOff: back-off 10s restarting failed container (exit code 1, 3 "
      "restarts)");
  EXPECT_FALSE(seen.ready);
}

TEST(PodState, how_a_container_ended_is_told_in_words_of_the_runtime_only) {
  Json killed = crashing("app", 1);
  killed["lastState"]["terminated"] = ended(137, "OOMKilled");
  EXPECT_NE(read(pod().containers({killed})).failure.find("(OOMKilled, exit code 137, 1 restart)"), std::string::npos);
  killed["lastState"]["terminated"]["reason"] = "password is hunter2";
  EXPECT_EQ(read(pod().containers({killed})).failure.find("hunter2"), std::string::npos);
}

TEST(PodState, every_reason_for_which_a_container_cannot_run_is_a_failure) {
  for (const char* reason :
       {"CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "InvalidImageName",
        "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed", "CreateContainerConfigError",
        "CreateContainerError", "PreCreateHookError", "PreStartHookError", "PostStartHookError", "RunContainerError",
        "RunInitContainerError", "VerifyNonRootError"}) {
    EXPECT_EQ(read(pod().containers({waiting("app", reason)})).failure,
              std::string("pod web-5d9-abc: container app: ") + reason);
    EXPECT_EQ(read(pod().inits({waiting("migrate", reason)})).failure,
              std::string("pod web-5d9-abc: init container migrate: ") + reason);
  }
}

TEST(PodState, a_missing_image_is_told_without_restarts) {
  const Pod seen = read(pod().phase("Pending").containers(
      {waiting("app", "ImagePullBackOff", R"(Back-off pulling image "ghcr.io/acme/web:2": ErrImagePull: not found)")}));
  EXPECT_EQ(seen.failure,
            R"(pod web-5d9-abc: container app: ImagePullBackOff: Back-off pulling image "ghcr.io/acme/web:2": )"
            "ErrImagePull: not found");
}

TEST(PodState, what_a_post_start_hook_printed_is_not_told) {
  const Pod seen = read(pod().containers({waiting(
      "app", "PostStartHookError", R"(Exec lifecycle hook ([sh]) failed - error: exit 1, message: "hunter2")")}));
  EXPECT_EQ(seen.failure, "pod web-5d9-abc: container app: PostStartHookError");
}

TEST(PodState, steps_on_the_way_are_no_failure) {
  EXPECT_EQ(read(pod().phase("Pending").containers({waiting("app", "ContainerCreating")})).pending,
            "pod web-5d9-abc: container app: ContainerCreating");
  EXPECT_EQ(read(pod().containers({running("app", false)})).pending,
            "pod web-5d9-abc: container app: is running but not ready");
  Json starting = running("app", false);
  starting["started"] = false;
  EXPECT_EQ(read(pod().containers({starting})).pending,
            "pod web-5d9-abc: container app: is running but has not passed its startup probe");
  EXPECT_EQ(read(pod().containers({running("side"), running("app", false)})).pending,
            "pod web-5d9-abc: container app: is running but not ready")
      << "the one that is not ready is named";
  for (const PodJson& one :
       {pod().containers({waiting("app", "ContainerCreating")}), pod().containers({running("app", false)})}) {
    EXPECT_EQ(read(one).failure, "");
    EXPECT_FALSE(read(one).ready);
  }
}

TEST(PodState, six_restarts_are_too_many_and_five_are_not) {
  EXPECT_EQ(read(pod().containers({running("app", true, 5)})).restarted, "");
  EXPECT_TRUE(read(pod().containers({running("app", true, 5)})).ready);
  EXPECT_EQ(read(pod().containers({running("app", true, 6)})).restarted,
            "pod web-5d9-abc: container app: restarted 6 times (exit code 1)");
  EXPECT_EQ(read(pod().containers({running("app", false, 6)})).failure,
            "pod web-5d9-abc: container app: restarted 6 times (exit code 1)");
}

TEST(PodState, an_init_container_that_failed_is_a_failure_before_it_backs_off) {
  const PodJson failed =
      pod().phase("Pending").inits({terminated("migrate", 3)}).containers({waiting("app", "PodInitializing")});
  EXPECT_EQ(read(failed).failure, "pod web-5d9-abc: init container migrate: Error (exit code 3)");
  EXPECT_EQ(read(pod().inits({crashing("migrate")}))
                .failure.find("pod web-5d9-abc: init container migrate: CrashLoopBackOff"),
            0u);
}

TEST(PodState, an_init_container_that_is_through_says_nothing_about_its_past) {
  const Pod seen = read(pod().inits({terminated("migrate", 0, "Completed", 7)}));
  EXPECT_EQ(seen.failure + seen.restarted, "");
  EXPECT_TRUE(seen.ready);
}

TEST(PodState, an_init_container_under_way_is_pending) {
  Json init = running("migrate", false);
  const Pod seen = read(pod().phase("Pending").inits({init}).containers({waiting("app", "PodInitializing")}));
  EXPECT_EQ(seen.pending, "pod web-5d9-abc: init container migrate: is running");
  EXPECT_EQ(seen.failure, "");
}

TEST(PodState, a_sidecar_is_judged_as_what_is_to_run) {
  EXPECT_TRUE(read(pod().inits({running("proxy")}, "Always")).ready);
  EXPECT_EQ(read(pod().inits({running("proxy", false)}, "Always")).pending,
            "pod web-5d9-abc: container proxy: is running but not ready");
  EXPECT_EQ(read(pod().inits({terminated("proxy", 1)}, "Always")).failure, "") << "it is restarted at once";
  EXPECT_NE(read(pod().inits({crashing("proxy")}, "Always")).failure, "");
}

TEST(PodState, a_container_that_has_just_ended_is_not_up_whatever_the_condition_says) {
  const Pod seen = read(pod().containers({terminated("app", 1, "Error", 1)}).condition("Ready", "True"));
  EXPECT_FALSE(seen.ready);
  EXPECT_EQ(seen.failure, "");
  EXPECT_EQ(seen.pending, "pod web-5d9-abc: container app: has ended (exit code 1, 1 restart)");
}

TEST(PodState, a_container_that_its_node_lost_is_no_failure) {
  EXPECT_EQ(read(pod().inits({terminated("migrate", 137, "ContainerStatusUnknown", 1)})).failure, "");
}

TEST(PodState, ephemeral_containers_do_not_count) {
  PodJson looked_at = pod();
  looked_at.json()["status"]["ephemeralContainerStatuses"] = Json::array({crashing("debugger", 9)});
  const Pod seen = read(looked_at);
  EXPECT_TRUE(seen.ready);
  EXPECT_EQ(seen.failure, "");
}

TEST(PodState, who_is_being_deleted_says_nothing) {
  const Pod seen = read(pod().containers({crashing("app", 9)}).deleting());
  EXPECT_TRUE(seen.leaving);
  EXPECT_EQ(seen.failure + seen.restarted + seen.pending, "");
}

TEST(PodState, who_was_ended_by_the_node_says_nothing) {
  for (const char* reason : {"Evicted", "NodeShutdown", "Terminated", "Preempting", "NodeAffinity", "OutOfmemory"}) {
    const Pod seen = read(pod().phase("Failed", reason).containers({terminated("app", 137)}));
    EXPECT_TRUE(seen.leaving) << reason;
    EXPECT_EQ(seen.failure, "") << reason;
  }
  const Pod collected = read(pod()
                                 .phase("Failed")
                                 .condition("DisruptionTarget", "True", "DeletionByPodGC")
                                 .containers({terminated("app", 137)}));
  EXPECT_TRUE(collected.leaving);
  EXPECT_EQ(collected.failure, "");
  EXPECT_TRUE(read(pod().phase("Failed").containers({terminated("app", 137, "ContainerStatusUnknown")})).leaving)
      << "nobody says why, and no container failed";
  EXPECT_TRUE(read(pod().phase("Succeeded").containers({terminated("app", 0, "Completed")})).leaving);
}

TEST(PodState, a_pod_that_ended_by_its_own_container_failed) {
  const Pod seen = read(pod().phase("Failed").containers({terminated("app", 2)}));
  EXPECT_FALSE(seen.leaving);
  EXPECT_EQ(seen.failure, "pod web-5d9-abc: container app: Error (exit code 2)");
}

TEST(PodState, an_unschedulable_pod_waits_and_tells_what_the_scheduler_said) {
  const Pod seen = read(pod().unschedulable("0/3 nodes are available: 3 Insufficient cpu."));
  EXPECT_EQ(seen.failure, "");
  EXPECT_EQ(seen.pending, "pod web-5d9-abc: cannot be scheduled: 0/3 nodes are available: 3 Insufficient cpu.");
}

TEST(PodState, a_pod_may_wait_for_more_than_its_containers) {
  const Pod gated = read(pod().condition("Ready", "False", "ReadinessGatesNotReady",
                                         "the status of pod readiness gate \"lb\" is not \"True\", but False"));
  EXPECT_NE(gated.pending.find("readiness gate \"lb\""), std::string::npos);
  PodJson fresh = pod();
  fresh.json()["status"] = {{"phase", "Pending"}};
  EXPECT_EQ(read(fresh).pending, "pod web-5d9-abc: is not started yet");
}

}  // namespace
}  // namespace headwind::workloads
