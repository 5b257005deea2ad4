// SPDX-License-Identifier: Apache-2.0
// StatefulSets and DaemonSets: approved updates that fail, and update strategies that leave pods as they are.
#include <thread>

#include "core/text.hpp"
#include "rollout_fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;

class Strategies : public Rollouts {
 protected:
  static Annotations undoing_when_approved() {
    Annotations all = undoing();
    std::erase_if(all, [](const auto& one) { return one.first == "require-approval"; });
    return all;
  }
  void approve(const std::string& request) {
    ASSERT_TRUE(request_for(request, "Pending").is_object()) << Json(requests(space));
    const Reply said =
        headwind->api("POST", "/api/v1/updates/" + space + "/" + request + "/approve", {{"approver", "a"}});
    ASSERT_EQ(said.status, 200u) << said.body;
  }
  std::vector<Json> pods() const {
    const Json list = get("/api/v1/namespaces/" + space + "/pods");
    auto all = list.at("items").get<std::vector<Json>>();
    std::erase_if(all, [](const Json& pod) { return pod.contains("/metadata/deletionTimestamp"_json_pointer); });
    return all;
  }
  // "web-0 1.0.0, web-1 1.1.0"
  std::string running() const {
    std::string text;
    for (const Json& pod : pods()) {
      const std::string run = pod.at("/spec/containers/0/image"_json_pointer);
      text += (text.empty() ? "" : ", ") + pod.at("/metadata/name"_json_pointer).get<std::string>() + " " +
              run.substr(run.rfind(':') + 1);
    }
    return text;
  }
  bool all_run(const std::string& expected) const {
    return eventually([&] { return running() == expected; });
  }
  std::string uid_of_pod(const std::string& name) const {
    return get("/api/v1/namespaces/" + space + "/pods/" + name).at("/metadata/uid"_json_pointer);
  }
  // The first of these Events that is told.
  std::string told_event(const std::string& reason) const {
    eventually([&] { return !events_about(space, "web", reason).empty(); });
    const auto all = events_about(space, "web", reason);
    return all.empty() ? "" : all.front();
  }
  // An automatic update that is held has a request, which says how it stands.
  bool remembered(const std::string& kind, const std::string& expected) const {
    return eventually([&] {
      const std::vector<Json> all = requests(space);
      return std::any_of(all.begin(), all.end(), [&](const Json& one) {
        return one.at("/spec/targetRef/kind"_json_pointer) == kind && phase_of(one) == "Completed" &&
               condition_of(one, "RolledOut") == expected;
      });
    });
  }
  static std::function<void(Json&)> of_two(const Json& strategy) {
    return [strategy](Json& object) {
      object["spec"]["replicas"] = 2;
      object["spec"]["updateStrategy"] = strategy;
    };
  }
  static Json partition(int at) { return {{"type", "RollingUpdate"}, {"rollingUpdate", {{"partition", at}}}}; }
};

TEST_F(Strategies, an_approved_update_of_each_kind_that_fails_is_undone) {
  registry().push(repository(), "1.0.0");
  start();
  const std::vector<std::string> kinds{"StatefulSet", "DaemonSet"};
  for (const std::string& kind : kinds)
    deploy({kind, to_lower(kind), {{"app", image("1.0.0")}}, undoing_when_approved()});
  push("1.1.901");
  for (const std::string& kind : kinds) approve(to_lower(kind) + "-1-1-901");
  for (const std::string& kind : kinds) {
    const std::string name = to_lower(kind) + "-1-1-901";
    const Json request = request_for(name, "RolledBack");
    ASSERT_TRUE(request.is_object()) << Json(requests(space));
    EXPECT_THAT(request["spec"]["rollback"].value("reason", ""), HasSubstr("container app: CrashLoopBackOff"));
    EXPECT_TRUE(has_condition(name, "RolledOut", "False RolloutFailed"));
    EXPECT_TRUE(has_condition(name, "RolledBack", "True RolloutComplete")) << get(requests_path(space, name));
    const Json now = workload(to_lower(kind), kind);
    EXPECT_EQ(image_of(now), image("1.0.0"));
    ASSERT_EQ(history_of(now).size(), 3u) << history_of(now);
    EXPECT_EQ(history_of(now)[0].value("approvedBy", ""), "headwind-auto-rollback");
    EXPECT_EQ(history_of(now)[1].value("approvedBy", ""), "a");
  }
  EXPECT_EQ(headwind->metric("headwind_rollbacks_automatic_total"), 2);
}

TEST_F(Strategies, above_its_partition_a_StatefulSet_is_done_and_the_reason_tells_what_is_kept) {
  run_first(undoing(), "StatefulSet", of_two(partition(1)));
  ASSERT_TRUE(all_run("web-0 1.0.0, web-1 1.0.0")) << running();
  push("1.1.0");
  EXPECT_THAT(told_event("RolledOut"), HasSubstr("its partition keeps 1 replica at the older revision"));
  EXPECT_EQ(running(), "web-0 1.0.0, web-1 1.1.0");
  EXPECT_TRUE(requests(space).empty());
}

TEST_F(Strategies, a_Parallel_StatefulSet_is_followed_and_undone_like_any_other) {
  run_first(undoing(), "StatefulSet", [](Json& object) {
    object["spec"]["replicas"] = 2;
    object["spec"]["podManagementPolicy"] = "Parallel";
  });
  ASSERT_TRUE(all_run("web-0 1.0.0, web-1 1.0.0")) << running();
  push("1.1.0");
  EXPECT_THAT(told_event("RolledOut"), HasSubstr("2 of 2 replicas"));
  EXPECT_EQ(running(), "web-0 1.1.0, web-1 1.1.0");
  push("1.2.901");
  ASSERT_TRUE(request_for("web-1-2-901", "RolledBack").is_object()) << Json(requests(space));
  EXPECT_TRUE(has_condition("web-1-2-901", "RolledBack", "True RolloutComplete")) << get(requests_path(space));
  EXPECT_EQ(running(), "web-0 1.1.0, web-1 1.1.0");
}

TEST_F(Strategies, a_failure_above_the_partition_is_undone_and_what_the_partition_keeps_is_not_touched) {
  run_first(undoing(), "StatefulSet", of_two(partition(1)));
  ASSERT_TRUE(all_run("web-0 1.0.0, web-1 1.0.0")) << running();
  const std::string kept = uid_of_pod("web-0");
  push("1.1.901");
  const Json request = request_in("RolledBack");
  ASSERT_TRUE(request.is_object()) << request;
  EXPECT_THAT(request["spec"]["rollback"].value("reason", ""), HasSubstr("pod web-1: container app"));
  EXPECT_TRUE(has_condition(name_of(request), "RolledBack", "True RolloutComplete")) << get(requests_path(space));
  EXPECT_EQ(running(), "web-0 1.0.0, web-1 1.0.0");
  EXPECT_EQ(uid_of_pod("web-0"), kept);
}

TEST_F(Strategies, a_partition_that_keeps_all_holds_the_rollout_until_it_is_lowered) {
  run_first(undoing({{"rollback-timeout", "2"}}), "StatefulSet", of_two(partition(2)));
  push("1.1.0");
  EXPECT_THAT(told_event("RolloutHeld"), HasSubstr("its partition is at or above its replicas"));
  std::this_thread::sleep_for(std::chrono::seconds(3));  // longer than the timeout: nothing must happen
  EXPECT_EQ(running(), "web-0 1.0.0, web-1 1.0.0");
  EXPECT_EQ(image_of(workload("web", "StatefulSet")), image("1.1.0"));
  EXPECT_TRUE(remembered("StatefulSet", "Unknown Held")) << Json(requests(space));
  // The clock begins to count now.
  const Json lowered{{"metadata", {{"annotations", {{"headwind.sh/rollback-timeout", "60"}}}}},
                     {"spec", {{"updateStrategy", partition(0)}}}};
  plane().call("PATCH", path_of("StatefulSet", space, "web"), lowered.dump());
  EXPECT_THAT(told_event("RolledOut"), HasSubstr("2 of 2 replicas"));
  EXPECT_EQ(running(), "web-0 1.1.0, web-1 1.1.0");
}

TEST_F(Strategies, OnDelete_is_held_until_a_person_has_deleted_the_old_pods) {
  registry().push(repository(), "1.0.0");
  start();
  for (const std::string kind : {"StatefulSet", "DaemonSet"}) {
    Workload one{kind, "web", {{"app", image("1.0.0")}}, undoing({{"rollback-timeout", "2"}})};
    one.adjust = [](Json& object) { object["spec"]["updateStrategy"] = {{"type", "OnDelete"}}; };
    deploy(one);
    ASSERT_TRUE(eventually([&] { return pods().size() == 1; })) << kind;
    push("1.1.0");
    EXPECT_THAT(told_event("RolloutHeld"), HasSubstr("OnDelete")) << kind;
    std::this_thread::sleep_for(std::chrono::seconds(3));  // longer than the timeout: nothing must happen
    EXPECT_THAT(running(), HasSubstr(" 1.0.0")) << kind;
    EXPECT_EQ(image_of(workload("web", kind)), image("1.1.0")) << kind;
    plane().call("PATCH", path_of(kind, space, "web"),
                 Json{{"metadata", {{"annotations", {{"headwind.sh/rollback-timeout", "60"}}}}}}.dump());
    plane().call("DELETE", "/api/v1/namespaces/" + space + "/pods");
    EXPECT_NE(told_event("RolledOut"), "") << kind;
    EXPECT_THAT(running(), HasSubstr(" 1.1.0")) << kind;
    EXPECT_TRUE(remembered(kind, "True RolloutComplete")) << Json(requests(space));
    kubectl({"-n", space, "delete", kind, "web", "--wait=true"});
    EXPECT_TRUE(eventually([&] { return pods().empty(); })) << kind;
    plane().call("DELETE", "/api/v1/namespaces/" + space + "/events");
  }
}

TEST_F(Strategies, a_new_pod_that_fails_under_OnDelete_is_undone) {
  for (const std::string kind : {"StatefulSet", "DaemonSet"}) {
    run_first(undoing(), kind, [](Json& object) { object["spec"]["updateStrategy"] = {{"type", "OnDelete"}}; });
    ASSERT_TRUE(eventually([&] { return pods().size() == 1; })) << kind;
    const std::string tag = kind == "StatefulSet" ? "1.1.901" : "1.2.901";
    push(tag);
    EXPECT_NE(told_event("RolloutHeld"), "") << kind;
    plane().call("DELETE", "/api/v1/namespaces/" + space + "/pods");
    ASSERT_TRUE(runs(image("1.0.0"), "web", kind)) << kind;
    const std::string dashed = kind == "StatefulSet" ? "web-1-1-901" : "web-1-2-901";
    const Json request = request_for(dashed, "RolledBack");
    ASSERT_TRUE(request.is_object()) << Json(requests(space));
    EXPECT_THAT(request["spec"]["rollback"].value("reason", ""), HasSubstr("CrashLoopBackOff"));
    // The way back waits for a person just so.
    EXPECT_TRUE(has_condition(dashed, "RolledBack", "Unknown Held")) << get(requests_path(space));
    plane().call("DELETE", "/api/v1/namespaces/" + space + "/pods");
    EXPECT_TRUE(has_condition(dashed, "RolledBack", "True RolloutComplete")) << get(requests_path(space));
    EXPECT_THAT(running(), HasSubstr(" 1.0.0")) << kind;
    kubectl({"-n", space, "delete", kind, "web", "--wait=true"});
    EXPECT_TRUE(eventually([&] { return pods().empty(); })) << kind;
    plane().call("DELETE", "/api/v1/namespaces/" + space + "/events");
  }
}

}  // namespace
}  // namespace headwind::end_to_end
