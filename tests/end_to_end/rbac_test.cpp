// SPDX-License-Identifier: Apache-2.0
// The shipped roles: enough for everything that the operator does, and nothing more.
#include <map>
#include <set>
#include <sstream>

#include "core/clock.hpp"
#include "fixture.hpp"

namespace headwind::end_to_end {
namespace {

// "patch configmaps headwind-inbox": one thing that a role grants.
struct Grant {
  std::string verb, resource, name;
  bool operator<(const Grant& other) const {
    return std::tie(resource, verb, name) < std::tie(other.resource, other.verb, other.name);
  }
};

std::vector<Grant> grants_of(const Json& role) {
  std::vector<Grant> result;
  for (const Json& rule : role.at("rules")) {
    // Flux is not installed here: tests/charts uses these.
    if (rule.at("apiGroups").front().get<std::string>().ends_with("toolkit.fluxcd.io")) continue;
    for (const Json& verb : rule.at("verbs"))
      for (const Json& resource : rule.at("resources"))
        for (const Json& name : rule.value("resourceNames", Json::array({""})))
          result.push_back({verb, resource, name});
  }
  return result;
}

class Rbac : public EndToEnd {
 protected:
  Reply say(const std::string& name, const std::string& verb) {
    return headwind->api("POST", "/api/v1/updates/" + space + "/" + name + "/" + verb, Json::object());
  }
  // Everything the operator can do, once.
  void live() {
    registry().push(repository(), "1.0.0");
    // Pods of the namespace's default account pull with this one.
    kubectl({"-n", space, "create", "secret", "docker-registry", "pull", "--docker-server=elsewhere.example.com",
             "--docker-username=u", "--docker-password=p"});
    ASSERT_TRUE(eventually([&] {
      return kubectl({"-n", space, "get", "serviceaccounts", "--no-headers"}).find("default ") != std::string::npos;
    }));
    kubectl({"-n", space, "patch", "serviceaccount", "default", "-p", R"({"imagePullSecrets":[{"name":"pull"}]})"});
    deploy({"Deployment", "web", {{"app", image("1.0.0")}}, on_approval()});
    deploy({"StatefulSet", "store", {{"app", image("1.0.0")}}, on_approval()});
    deploy({"DaemonSet", "agent", {{"app", image("1.0.0")}}, on_approval()});
    deploy({"Deployment", "auto", {{"app", image("1.0.0")}}, automatic()});
    registry().push(repository(), "1.1.0");
    ASSERT_TRUE(runs(image("1.1.0"), "auto"));
    for (const auto& [request, kind, name] :
         std::vector<std::tuple<std::string, std::string, std::string>>{{"web-app-1-1-0", "Deployment", "web"},
                                                                        {"store-1-1-0", "StatefulSet", "store"},
                                                                        {"agent-1-1-0", "DaemonSet", "agent"}}) {
      ASSERT_TRUE(request_for(request, "Pending").is_object()) << request << Json(requests(space));
      EXPECT_EQ(say(request, "approve").status, 200u);
      EXPECT_TRUE(runs(image("1.1.0"), name, kind));
    }
    run_nightly();
    go_back_from_a_broken_set();
    approve_by_kubectl();
    const Reply back = headwind->api("POST", "/api/v1/rollback/" + space + "/web", {{"container", "app"}});
    EXPECT_EQ(back.status, 200u) << back.body;
    ASSERT_TRUE(request_for("web-app-1-1-0", "RolledBack").is_object());
    // Held twice, with the same words: the Event counts.
    for (int i = 0; i < 2; ++i) {
      headwind->announce(registry().host() + "/" + repository(), "1.1.0");
      ASSERT_TRUE(eventually([&] { return held_events() == i + 1; })) << i;
    }
    EXPECT_EQ(say("web-app-1-1-0", "release").status, 200u);
    EXPECT_EQ(headwind->stop(), 0);
  }
  // Announced until the watch has brought the workload; then its request.
  void propose(const std::string& part, const std::string& request) {
    registry().push(space + "/" + part, "1.1.0");
    ASSERT_TRUE(eventually([&] {
      headwind->announce(registry().host() + "/" + space + "/" + part, "1.1.0");
      return phase_of(get(requests_path(space, request))) == "Pending";
    })) << request;
  }
  void run_nightly() {
    const std::string first = registry().host() + "/" + space + "/nightly:1.0.0";
    registry().push(space + "/nightly", "1.0.0");
    const Json pod{{"restartPolicy", "Never"}, {"containers", {{{"name", "app"}, {"image", first}}}}};
    const Json job{{"schedule", "0 3 * * *"}, {"jobTemplate", {{"spec", {{"template", {{"spec", pod}}}}}}}};
    Json object{{"apiVersion", "batch/v1"}, {"kind", "CronJob"}, {"metadata", {{"name", "nightly"}}}, {"spec", job}};
    for (const auto& [key, value] : on_approval()) object["metadata"]["annotations"]["headwind.sh/" + key] = value;
    const std::string path = "/apis/batch/v1/namespaces/" + space + "/cronjobs";
    ASSERT_EQ(plane().call("POST", path, object.dump()).status, 201u);
    propose("nightly", "nightly-1-1-0");
    EXPECT_EQ(say("nightly-1-1-0", "approve").status, 200u);
    plane().call("DELETE", path);
  }
  void go_back_from_a_broken_set() {
    const std::string part = space + "/broken", name = registry().host() + "/" + part;
    registry().push(part, "1.0.0");
    auto annotations = automatic();
    annotations.emplace_back("auto-rollback", "true");
    annotations.emplace_back("health-check-retries", "1");
    deploy({"StatefulSet", "broken", {{"app", name + ":1.0.0"}}, annotations});
    registry().push(part, "1.1.901");
    const Json request = request_for("broken-1-1-901", "RolledBack");
    ASSERT_TRUE(request.is_object());
    EXPECT_TRUE(eventually([&] {
      const Json now = get(requests_path(space, "broken-1-1-901"));
      return now.dump().find("RolloutComplete") != std::string::npos;
    })) << "its pod of the bad version was deleted";
  }
  void approve_by_kubectl() {
    // Counted of requests only that are made when the policy has been in force for half a minute.
    const Json policy =
        get("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/approvals-v1.headwind.sh");
    const auto made = parse_rfc3339(policy.at("/metadata/creationTimestamp"_json_pointer).get<std::string>());
    ASSERT_TRUE(made && eventually([&] { return system_clock().unix_ms() > *made + 32'000; }));
    registry().push(space + "/byhand", "1.0.0");
    deploy({"Deployment", "byhand", {{"app", registry().host() + "/" + space + "/byhand:1.0.0"}}, on_approval()});
    propose("byhand", "byhand-app-1-1-0");
    kubectl({"-n", space, "annotate", "updaterequest", "byhand-app-1-1-0", "headwind.sh/approve=admin"});
    EXPECT_TRUE(runs(registry().host() + "/" + space + "/byhand:1.1.0", "byhand")) << get(requests_path(space));
    EXPECT_EQ(get(requests_path(space, "byhand-app-1-1-0")).value("/status/approvedBy"_json_pointer, ""), "admin");
  }
  int held_events() const {
    int count = 0;
    const Json events = get("/api/v1/namespaces/" + space + "/events");
    for (const Json& event : events.at("items"))
      if (event.value("reason", "") == "UpdateHeld" && event["involvedObject"]["name"] == "web" &&
          event.value("message", "").find("1.1.0") != std::string::npos)
        count += event.value("count", 0);
    return count;
  }
};

TEST_F(Rbac, T127_every_right_that_is_granted_is_used_and_none_is_missing) {
  bind("alice", "headwind-approver", "rollback");
  // As on a new cluster: the first write of each makes it.
  for (const char* name : {"headwind-inbox", "headwind-state"})
    plane().call("DELETE", std::string("/api/v1/namespaces/") + home + "/configmaps/" + name);
  const std::uint64_t mark = plane().audit().mark();
  OperatorSettings guarded = settings();
  guarded.auth = "token", guarded.token = testbed::ControlPlane::token("alice");
  start(guarded);
  live();
  EXPECT_TRUE(eventually([&] { return headwind->log().find("cluster is prepared") != std::string::npos; }));

  const std::string group = "/apis/rbac.authorization.k8s.io/v1";
  std::map<Grant, std::size_t> used;
  for (const Grant& grant : grants_of(get(group + "/clusterroles/headwind"))) used[grant] = 0;
  for (const Grant& grant : grants_of(get(group + "/namespaces/" + home + "/roles/headwind"))) used[grant] = 0;
  ASSERT_GT(used.size(), 20u);

  std::string refused;
  for (const auto& entry : plane().audit().entries({.user = operator_user}, mark)) {
    // Only asked outside a cluster, where a missing namespace means "keep the inbox in memory".
    if (entry.resource == "namespaces" && entry.verb == "get") continue;
    // Refused is what is wanted: the proof that nobody can forge an approval.
    if (entry.uri.find("dryRun=All") != std::string::npos && entry.verb == "patch") continue;
    if (entry.code == 403) refused += entry.verb + " " + entry.uri + "\n";
    for (const std::string& name : std::set<std::string>{"", entry.name})
      if (const auto found = used.find({entry.verb, entry.resource, name}); found != used.end()) ++found->second;
  }
  EXPECT_EQ(refused, "");
  std::ostringstream table;
  bool all = true;
  for (const auto& [grant, times] : used) {
    table << (times == 0 ? "UNUSED  " : "        ") << grant.resource << " " << grant.verb << " " << grant.name << ": "
          << times << "\n";
    all = all && times > 0;
  }
  EXPECT_TRUE(all) << table.str();
}

TEST_F(Rbac, a_right_that_is_missing_for_a_while_delays_an_update_and_loses_nothing) {
  registry().push(repository(), "1.0.0");
  start();
  deploy({"Deployment", "web", {{"app", image("1.0.0")}}, automatic()});
  kubectl({"delete", "clusterrolebinding", "headwind"});
  registry().push(repository(), "1.1.0");
  const bool refused = eventually([&] { return headwind->log().find("cannot patch resource") != std::string::npos; });
  kubectl({"apply", "-f", (source_directory() / "deploy" / "20-rbac.yaml").string()});
  EXPECT_TRUE(refused);
  EXPECT_TRUE(runs(image("1.1.0")));
  EXPECT_EQ(headwind->metric("headwind_updates_failed_total"), 0);
  EXPECT_TRUE(requests(space).empty()) << "a good version is not remembered as bad";
}

TEST_F(Rbac, the_manifests_can_be_applied_again) {
  const std::string printed = kubectl({"apply", "-f", (source_directory() / "deploy").string()});
  EXPECT_THAT(printed, testing::HasSubstr("updaterequests.headwind.sh"));
  EXPECT_THAT(printed, testing::Not(testing::HasSubstr("created"))) << "the first time was before these tests";
}

}  // namespace
}  // namespace headwind::end_to_end
