// SPDX-License-Identifier: Apache-2.0
// More kinds and more containers, and workloads that others write, too.
#include "rollout_fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::HasSubstr;

TEST_F(Rollouts, init_containers_are_updated_where_they_are_named) {
  registry().push(repository(), "1.0.0");
  start();
  const std::string init = registry().host() + "/" + space + "/migrate";
  registry().push(space + "/migrate", "1.0.0");
  for (const char* name : {"unnamed", "named"}) {
    Annotations annotations = automatic();
    if (std::string(name) == "named") annotations.emplace_back("images", "app,migrate");
    Workload one{"Deployment", name, {{"app", image("1.0.0")}}, annotations};
    one.adjust = [&](Json& object) {
      object["spec"]["template"]["spec"]["initContainers"] = {{{"name", "migrate"}, {"image", init + ":1.0.0"}}};
    };
    deploy(one);
  }
  registry().push(space + "/migrate", "1.1.0");
  const auto init_image = [&](const char* name) {
    return workload(name).at("/spec/template/spec/initContainers/0/image"_json_pointer).get<std::string>();
  };
  EXPECT_TRUE(eventually([&] { return init_image("named") == init + ":1.1.0"; }));
  EXPECT_TRUE(eventually([] { return inbox().empty(); }));
  EXPECT_EQ(init_image("unnamed"), init + ":1.0.0");
}

TEST_F(Rollouts, a_CronJob_is_updated_for_its_next_run) {
  registry().push(repository(), "1.0.0");
  start();
  const std::string path = "/apis/batch/v1/namespaces/" + space + "/cronjobs";
  const Json pod{{"restartPolicy", "Never"}, {"containers", {{{"name", "app"}, {"image", image("1.0.0")}}}}};
  const Json job{{"template", {{"spec", pod}}}};
  Json annotations;
  for (const auto& [key, value] : automatic()) annotations["headwind.sh/" + key] = value;
  const Json object{{"apiVersion", "batch/v1"},
                    {"kind", "CronJob"},
                    {"metadata", {{"name", "nightly"}, {"annotations", annotations}}},
                    {"spec", {{"schedule", "0 3 * * *"}, {"jobTemplate", {{"spec", job}}}}}};
  ASSERT_EQ(plane().call("POST", path, object.dump()).status, 201u);
  // It may be seen after the push: announced until it is.
  registry().push(repository(), "1.1.0");
  EXPECT_TRUE(eventually([&] {
    headwind->announce(registry().host() + "/" + repository(), "1.1.0");
    const Json now = get(path + "/nightly");
    return now.at("/spec/jobTemplate/spec/template/spec/containers/0/image"_json_pointer) == image("1.1.0");
  }));
  EXPECT_EQ(history_of(get(path + "/nightly"))[0].value("image", ""), image("1.1.0"));
  plane().call("DELETE", path);
}

TEST_F(Rollouts, what_a_GitOps_controller_manages_is_held_with_a_clear_Event) {
  registry().push(repository(), "1.0.0");
  start();
  Workload owned{"Deployment", "web", {{"app", image("1.0.0")}}, automatic()};
  owned.adjust = [](Json& object) {
    object["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/name"] = "apps";
    object["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/namespace"] = "flux-system";
  };
  create(space, owned);
  EXPECT_TRUE(eventually([&] { return !events_about(space, "web", "ManagedElsewhere").empty(); }));
  EXPECT_THAT(events_about(space, "web", "ManagedElsewhere")[0], HasSubstr("Flux Kustomization flux-system/apps"));
  push("1.1.0");
  EXPECT_TRUE(eventually([] { return inbox().empty(); }));
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  kubectl({"-n", space, "annotate", "deployment/web", "headwind.sh/force-ownership=true"});
  EXPECT_TRUE(eventually([&] {
    headwind->announce(registry().host() + "/" + repository(), "1.1.0");
    return image_of(workload()) == image("1.1.0");
  }));
}

TEST_F(Rollouts, a_suspended_namespace_waits_and_goes_on_without_a_new_event) {
  kubectl({"annotate", "namespace", space, "headwind.sh/suspend=true"});
  run_first(automatic());
  push("1.1.0");
  EXPECT_TRUE(eventually([] { return inbox().size() == 2; })) << inbox();
  EXPECT_EQ(image_of(workload()), image("1.0.0"));
  kubectl({"annotate", "namespace", space, "headwind.sh/suspend-"});
  EXPECT_TRUE(runs(image("1.1.0")));
}

TEST_F(Rollouts, T77_the_interval_holds_for_every_kind_and_the_update_comes_by_itself) {
  registry().push(repository(), "1.0.0");
  start();
  Annotations annotations = automatic();
  for (auto& [key, value] : annotations)
    if (key == "min-update-interval") value = "6";
  const std::vector<std::string> kinds{"Deployment", "StatefulSet", "DaemonSet"};
  for (const std::string& kind : kinds) deploy({kind, "web", {{"app", image("1.0.0")}}, annotations});
  push("1.1.0");
  for (const std::string& kind : kinds) ASSERT_TRUE(runs(image("1.1.0"), "web", kind)) << kind;
  push("1.2.0");
  EXPECT_TRUE(eventually([&] { return headwind->metric("headwind_updates_skipped_interval_total") == 3; }));
  for (const std::string& kind : kinds) EXPECT_TRUE(runs(image("1.2.0"), "web", kind)) << kind;
}

TEST_F(Rollouts, more_than_the_cap_wait_for_their_turn) {
  registry().push(repository(), "1.0.0");
  OperatorSettings one_at_a_time = settings();
  one_at_a_time.rollouts["maxConcurrent"] = 1;
  start(one_at_a_time);
  for (const char* name : {"a", "b", "c"}) deploy({"Deployment", name, {{"app", image("1.0.0")}}, automatic()});
  const std::uint64_t mark = plane().audit().mark();
  push("1.1.0");
  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(runs(image("1.1.0"), name));
  std::vector<std::int64_t> patched;
  for (const auto& call : plane().audit().entries(
           {.verb = "patch", .resource = "deployments", .name_space = space, .user = operator_user}, mark))
    patched.push_back(call.received_ms);
  ASSERT_EQ(patched.size(), 3u);
  // Each is followed until it has been complete for a second: none begins before.
  EXPECT_GE(patched[1] - patched[0], 900);
  EXPECT_GE(patched[2] - patched[1], 900);
}

TEST_F(Rollouts, a_cap_for_each_namespace_holds_up_that_namespace_alone_and_the_queue_is_shown) {
  const std::string other = space + "-b";
  plane().create_namespace(other);
  registry().push(repository(), "1.0.0");
  OperatorSettings capped = settings();
  capped.rollouts["maxConcurrentPerNamespace"] = 1;
  start(capped);
  for (const char* name : {"a", "b"}) deploy({"Deployment", name, {{"app", image("1.0.0")}}, automatic()});
  deploy({"Deployment", "c", {{"app", image("1.0.0")}}, on_approval()});
  create(other, {"Deployment", "web", {{"app", image("1.0.0")}}, automatic()});
  ASSERT_TRUE(eventually([&] { return headwind->knows("Deployment", other, "web"); }));
  push("1.1.903");  // never ready
  ASSERT_TRUE(request_for("c-app-1-1-903", "Pending").is_object());
  EXPECT_TRUE(eventually([&] { return image_of(get(path_of("Deployment", other, "web"))) == image("1.1.903"); }));
  const auto rollouts = [&](const std::string& query = {}) {
    return headwind->api("GET", "/api/v1/rollouts" + query).json();
  };
  ASSERT_TRUE(eventually([&] { return rollouts().size() == 3; })) << rollouts();
  const Reply approved = headwind->api("POST", "/api/v1/updates/" + space + "/c-app-1-1-903/approve", Json::object());
  EXPECT_EQ(phase_of(approved.json()), "Approved") << approved.body;
  EXPECT_THAT(approved.json()["status"].value("message", ""), HasSubstr("position 2"));

  // Of this namespace one is under way, and two wait in their order; the other namespace has its own.
  ASSERT_TRUE(eventually([&] { return rollouts("?namespace=" + space)[0].value("state", "") == "running"; }));
  const Json here = rollouts("?namespace=" + space);
  ASSERT_EQ(here.size(), 3u) << here;
  const std::string first = here[0].value("name", ""), second = first == "a" ? "b" : "a";
  EXPECT_EQ(here[0]["namespace"], space);
  EXPECT_EQ(here[0]["kind"], "Deployment");
  EXPECT_EQ(here[0]["images"], Json::array({image("1.1.903")}));
  EXPECT_EQ(here[0]["wanted"], 1);
  EXPECT_FALSE(here[0].value("since", "").empty());
  EXPECT_FALSE(here[0].value("reason", "").empty());
  const auto waits = [&](const std::string& name, int position) {
    return Json{
        {"namespace", space}, {"kind", "Deployment"}, {"name", name}, {"state", "waiting"}, {"position", position}};
  };
  EXPECT_EQ(here[1], waits(second, 1));
  EXPECT_EQ(here[2], waits("c", 2));
  EXPECT_EQ(image_of(workload(second)), image("1.0.0"));
  EXPECT_TRUE(eventually([&] {
    const Json there = rollouts("?namespace=" + other);
    return there.size() == 1 && there[0]["name"] == "web" && there[0]["state"] == "running";
  })) << rollouts();
  // A person ends the first: the next begins, and the last moves up.
  kubectl({"-n", space, "set", "image", "deployment/" + first, "app=" + image("1.0.0")});
  EXPECT_TRUE(runs(image("1.1.903"), second));
  EXPECT_TRUE(eventually([&] { return rollouts("?namespace=" + space).back() == waits("c", 1); })) << rollouts();
  EXPECT_EQ(image_of(workload("c")), image("1.0.0"));
}

}  // namespace
}  // namespace headwind::end_to_end
