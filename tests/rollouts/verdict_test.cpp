// SPDX-License-Identifier: Apache-2.0
// What becomes of updates whose pods fail, each in its way.
#include <thread>

#include "core/clock.hpp"
#include "rollout_fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

struct Fate {
  const char* name;
  const char* tag;
  const char* said;  // in the reason of the rollback
  const char* kind = "Deployment";
  Annotations more = {};
};
void PrintTo(const Fate& fate, std::ostream* out) { *out << fate.name; }

class Undone : public Rollouts, public testing::WithParamInterface<Fate> {};

TEST_P(Undone, T70_T71_T73_T75_a_failing_update_goes_back_and_says_why) {
  const Fate& fate = GetParam();
  OperatorSettings patient = settings();
  if (fate.tag == std::string("1.1.905")) patient.rollouts["settle"] = 4;  // it crashes after it was ready
  start(patient);
  run_first(undoing(fate.more), fate.kind, [](Json& object) {
    Json& pod = object["spec"]["template"]["spec"];
    pod["initContainers"] = {{{"name", "migrate"}, {"image", "busybox:1"}}};
  });
  push(fate.tag);
  ASSERT_TRUE(runs(image(fate.tag), "web", fate.kind));
  ASSERT_TRUE(runs(image("1.0.0"), "web", fate.kind));
  const Json request = request_in("RolledBack");
  ASSERT_TRUE(request.is_object()) << request;
  EXPECT_EQ(request["spec"]["newImage"], image(fate.tag));
  EXPECT_THAT(request["spec"]["rollback"].value("reason", ""), HasSubstr(fate.said));
  EXPECT_EQ(request["spec"]["rollback"].value("by", ""), "headwind-auto-rollback");
  EXPECT_TRUE(has_condition(name_of(request), "RolledOut", "False RolloutFailed"));
  EXPECT_TRUE(has_condition(name_of(request), "RolledBack", "True RolloutComplete")) << get(requests_path(space));
  const Json triggered = notification("rollback_triggered");
  EXPECT_THAT(triggered.value("errorMessage", ""), HasSubstr(fate.said)) << triggered;
  EXPECT_EQ(triggered.value("/deployment/currentImage"_json_pointer, ""), image(fate.tag));
  EXPECT_EQ(triggered.value("/deployment/newImage"_json_pointer, ""), image("1.0.0"));
  EXPECT_TRUE(notification("rollback_completed").is_object());
  EXPECT_EQ(headwind->metric("headwind_rollbacks_total"), 1);
  EXPECT_EQ(headwind->metric("headwind_rollbacks_automatic_total"), 1);
  EXPECT_EQ(headwind->metric("headwind_rollbacks_manual_total"), 0);
  EXPECT_EQ(history_of(workload("web", fate.kind))[0].value("approvedBy", ""), "headwind-auto-rollback");
  // What the container itself wrote may be a secret.
  EXPECT_THAT(request.dump(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(headwind->log(), Not(HasSubstr("hunter2")));
  // The same version is not tried again, a newer one is.
  const std::uint64_t mark = plane().audit().mark();
  EXPECT_EQ(headwind->announce(registry().host() + "/" + repository(), fate.tag).status, 200u);
  EXPECT_TRUE(eventually([] { return inbox().empty(); }));
  EXPECT_THAT(accepted_writes(space, mark), Not(Contains(HasSubstr("patch deployments"))));
  push("1.2.0");
  EXPECT_TRUE(runs(image("1.2.0"), "web", fate.kind));
}

INSTANTIATE_TEST_SUITE_P(
    Fates, Undone,
    testing::Values(Fate{"crash_loop", "1.1.901", "CrashLoopBackOff"},
                    Fate{"image_pull", "1.1.902", "ImagePullBackOff"},
                    Fate{"readiness_never_reached",
                         "1.1.903",
                         "not complete 4 s after the patch",
                         "Deployment",
                         {{"rollback-timeout", "4"}}},
                    Fate{"init_container", "1.1.904", "container migrate: CrashLoopBackOff"},
                    Fate{"crash_after_ready", "1.1.905", "OOMKilled", "Deployment", {{"rollback-timeout", "30"}}},
                    Fate{"unschedulable", "1.1.906", "Insufficient memory", "Deployment", {{"rollback-timeout", "4"}}},
                    Fate{"crash_loop_of_a_StatefulSet", "1.1.901", "CrashLoopBackOff", "StatefulSet"},
                    Fate{"image_pull_of_a_DaemonSet", "1.1.902", "ImagePullBackOff", "DaemonSet"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(Rollouts, T72_a_good_image_is_never_rolled_back_with_the_shipped_rights) {
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet"}) {
    run_first(undoing(), kind);
    push("1.1.0");
    ASSERT_TRUE(runs(image("1.1.0"), "web", kind));
    EXPECT_TRUE(eventually([&] { return !events_about(space, "web", "RolledOut").empty(); })) << kind;
    EXPECT_TRUE(requests(space).empty());
    kubectl({"-n", space, "delete", kind, "web", "--wait=true"});
    plane().call("DELETE", "/api/v1/namespaces/" + space + "/events");
  }
}

TEST_F(Rollouts, T71_the_controllers_own_deadline_counts_as_failure) {
  run_first(undoing({{"rollback-timeout", "120"}}), "Deployment",
            [](Json& object) { object["spec"]["progressDeadlineSeconds"] = 2; });
  push("1.1.903");
  ASSERT_TRUE(runs(image("1.1.903")));
  ASSERT_TRUE(runs(image("1.0.0")));
  EXPECT_THAT(request_in("RolledBack")["spec"]["rollback"].value("reason", ""), HasSubstr("progress"));
}

TEST_F(Rollouts, T76_old_pods_that_crash_do_not_count) {
  run_first(undoing(), "Deployment", {}, "1.0.901");
  push("1.1.0");
  ASSERT_TRUE(runs(image("1.1.0")));
  EXPECT_TRUE(eventually([&] { return !events_about(space, "web", "RolledOut").empty(); }));
  EXPECT_EQ(image_of(workload()), image("1.1.0"));
}

TEST_F(Rollouts, T76_restarts_of_old_pods_do_not_count_and_those_of_new_ones_do) {
  run_first(undoing({{"rollback-timeout", "120"}}));
  const auto pod_of = [&](const std::string& tag) {
    const Json list = get("/api/v1/namespaces/" + space + "/pods");
    for (const Json& pod : list.at("items"))
      if (pod.at("/spec/containers/0/image"_json_pointer) == image(tag) && pod["status"].contains("containerStatuses"))
        return pod;
    return Json();
  };
  const auto restart_nine_times = [&](const std::string& tag) {
    ASSERT_TRUE(eventually([&] { return pod_of(tag).is_object(); })) << tag;
    Json pod = pod_of(tag);
    pod["status"]["containerStatuses"][0]["restartCount"] = 9;
    const std::string path = "/api/v1/namespaces/" + space + "/pods/" + name_of(pod) + "/status";
    const auto written = plane().call("PUT", path, pod.dump());
    ASSERT_TRUE(written.ok()) << written.body;
  };
  restart_nine_times("1.0.0");
  push("1.1.903");  // never ready: the old pod stays beside it
  ASSERT_TRUE(runs(image("1.1.903")));
  ASSERT_TRUE(eventually([&] { return pod_of("1.1.903").is_object(); }));
  std::this_thread::sleep_for(std::chrono::seconds(4));  // longer than the retries: nothing must happen
  ASSERT_EQ(pod_of("1.0.0").value("/status/containerStatuses/0/restartCount"_json_pointer, 0), 9);
  EXPECT_EQ(image_of(workload()), image("1.1.903"));
  EXPECT_TRUE(requests(space).empty());
  restart_nine_times("1.1.903");
  ASSERT_TRUE(runs(image("1.0.0")));
  EXPECT_THAT(request_in("RolledBack")["spec"]["rollback"].value("reason", ""), HasSubstr("9 "));
}

TEST_F(Rollouts, T75_what_is_scaled_to_zero_or_paused_is_neither_good_nor_bad) {
  for (const char* how : {"replicas", "paused"}) {
    run_first({{"policy", "minor"}, {"min-update-interval", "0"}, {"auto-rollback", "true"}, {"rollback-timeout", "1"}},
              "Deployment", [&](Json& object) {
                if (std::string(how) == "paused")
                  object["spec"]["paused"] = true;
                else
                  object["spec"]["replicas"] = 0;
              });
    push("1.1.0");
    const Json request = request_in("Pending");
    ASSERT_TRUE(request.is_object());
    const std::string name = name_of(request);
    headwind->api("POST", "/api/v1/updates/" + space + "/" + name + "/approve", {{"approver", "a"}});
    EXPECT_TRUE(eventually([&] { return !events_about(space, "web", "RolloutHeld").empty(); })) << how;
    std::this_thread::sleep_for(std::chrono::seconds(2));  // longer than the timeout: nothing must happen
    EXPECT_EQ(image_of(workload()), image("1.1.0"));
    EXPECT_EQ(condition_of(get(requests_path(space, name)), "RolledOut"), "Unknown Held");
    const Json go_on = std::string(how) == "paused" ? Json{{"paused", false}} : Json{{"replicas", 1}};
    // The clock begins to count now: it must come up within the timeout.
    plane().call(
        "PATCH", path_of("Deployment", space, "web"),
        Json{{"metadata", {{"annotations", {{"headwind.sh/rollback-timeout", "60"}}}}}, {"spec", go_on}}.dump());
    EXPECT_TRUE(has_condition(name, "RolledOut", "True RolloutComplete")) << how;
    kubectl({"-n", space, "delete", "deployment", "web", "--wait=true"});
    kubectl({"-n", space, "delete", "updaterequest", name, "--wait=true"});
    plane().call("DELETE", "/api/v1/namespaces/" + space + "/events");
  }
}

TEST_F(Rollouts, T74_a_restart_in_the_midst_goes_on_following) {
  run_first(undoing({{"rollback-timeout", "8"}}));
  push("1.1.903");
  ASSERT_TRUE(runs(image("1.1.903")));
  headwind->kill();
  headwind->start();
  ASSERT_TRUE(runs(image("1.0.0")));
  EXPECT_TRUE(request_in("RolledBack").is_object());
}

TEST_F(Rollouts, without_auto_rollback_the_failed_version_stays_and_is_remembered) {
  run_first({{"policy", "minor"},
             {"min-update-interval", "0"},
             {"require-approval", "false"},
             {"health-check-retries", "1"}});
  push("1.1.901");
  const Json request = request_in("Failed");
  ASSERT_TRUE(request.is_object()) << request;
  EXPECT_EQ(condition_of(request, "RolledOut"), "False RolloutFailed");
  EXPECT_THAT(request["status"].value("message", ""), HasSubstr("CrashLoopBackOff"));
  EXPECT_EQ(image_of(workload()), image("1.1.901"));
  EXPECT_TRUE(eventually([&] { return receiver->count(space, "update_failed") == 1; }));
}

TEST_F(Rollouts, T75_one_that_was_held_over_a_restart_has_its_whole_time_when_it_goes_on) {
  run_first({{"policy", "minor"}, {"min-update-interval", "0"}, {"auto-rollback", "true"}, {"rollback-timeout", "60"}},
            "Deployment", [](Json& object) {
              object["spec"]["paused"] = true;
              object["spec"]["minReadySeconds"] = 2;  // it is seen while it comes up
            });
  push("1.1.0");
  const Json request = request_in("Pending");
  ASSERT_TRUE(request.is_object());
  const std::string name = name_of(request);
  headwind->api("POST", "/api/v1/updates/" + space + "/" + name + "/approve", {{"approver", "a"}});
  ASSERT_TRUE(has_condition(name, "RolledOut", "Unknown Held")) << get(requests_path(space, name));
  headwind->kill();
  Json history = history_of(workload());  // as if it had been patched an hour ago
  for (Json& entry : history) entry["timestamp"] = format_rfc3339(system_clock().unix_ms() - 3'600'000);
  const Json annotations{{"headwind.sh/update-history", history.dump()}};
  plane().call("PATCH", path_of("Deployment", space, "web"), Json{{"metadata", {{"annotations", annotations}}}}.dump());
  headwind->start();
  plane().call("PATCH", path_of("Deployment", space, "web"), Json{{"spec", {{"paused", false}}}}.dump());
  EXPECT_TRUE(has_condition(name, "RolledOut", "True RolloutComplete")) << get(requests_path(space, name));
  EXPECT_EQ(image_of(workload()), image("1.1.0"));
}

TEST_F(Rollouts, one_that_a_person_changes_in_the_midst_is_not_undone) {
  run_first(undoing({{"rollback-timeout", "5"}}));
  push("1.1.903");
  ASSERT_TRUE(runs(image("1.1.903")));
  ASSERT_TRUE(eventually([&] { return headwind->metric("headwind_deployment_health_checks_total") > 0; }));
  kubectl({"-n", space, "set", "env", "deployment/web", "MODE=slow"});
  std::this_thread::sleep_for(std::chrono::seconds(7));  // beyond the timeout: nothing must happen
  EXPECT_EQ(image_of(workload()), image("1.1.903"));
  EXPECT_TRUE(requests(space).empty());
  const std::vector<std::string> told = events_about(space, "web", "RolloutNotFollowed");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told[0], HasSubstr("its pods were changed by someone else meanwhile"));
}

TEST_F(Rollouts, pods_are_watched_only_while_one_is_followed_and_only_its_own) {
  run_first(undoing());
  const std::uint64_t mark = plane().audit().mark();
  push("1.1.0");
  ASSERT_TRUE(runs(image("1.1.0")));
  EXPECT_TRUE(eventually([&] { return !events_about(space, "web", "RolledOut").empty(); }));
  const auto calls = [&](const std::string& verb = {}) {
    return plane().audit().entries({.verb = verb, .resource = "pods", .user = operator_user}, mark);
  };
  for (const auto& call : calls()) {
    EXPECT_EQ(call.name_space, space);
    EXPECT_THAT(call.uri, HasSubstr("labelSelector=app%3Dweb"));
  }
  EXPECT_EQ(calls("list").size(), 2u) << "with the watch, and before the verdict";
  ASSERT_EQ(calls("watch").size(), 1u);
  EXPECT_TRUE(eventually([&] { return calls("watch").front().ended; })) << "it goes on after the rollout";
  EXPECT_EQ(calls().size(), 3u);
}

}  // namespace
}  // namespace headwind::end_to_end
