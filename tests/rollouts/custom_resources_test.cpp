// SPDX-License-Identifier: Apache-2.0
// Custom resources by the generic plugin, with the projects' own definitions and the rights that the CLI prints. Their
// controllers are played: what they would write into the status.
#include <fstream>

#include "rollout_fixture.hpp"

namespace headwind::end_to_end {
namespace {

using testing::Contains;
using testing::HasSubstr;

void install(const std::string& project) { install_definitions(testbed::binaries() / (project + ".yaml")); }

// A kind with a tag beside its repository, that no preset is for.
void install_sites() {
  const Json schema{{"openAPIV3Schema", {{"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}}}};
  const Json version{{"name", "v1"}, {"served", true}, {"storage", true}, {"schema", schema}};
  const Json names{{"plural", "sites"}, {"singular", "site"}, {"kind", "Site"}};
  const Json definition{
      {"apiVersion", "apiextensions.k8s.io/v1"},
      {"kind", "CustomResourceDefinition"},
      {"metadata", {{"name", "sites.example.com"}}},
      {"spec",
       {{"group", "example.com"}, {"scope", "Namespaced"}, {"names", names}, {"versions", Json::array({version})}}}};
  const auto made = plane().call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition.dump());
  if (!made.ok()) throw std::runtime_error(made.body);
  wait_until_served({"crd/sites.example.com"});
}

class CustomResources : public Rollouts {
 protected:
  void SetUp() override {
    Rollouts::SetUp();
    if (IsSkipped()) return;
    static const bool installed =
        (install("argo-rollouts"), install("cloudnative-pg"), install("knative-serving"), install_sites(), true);
    (void)installed;
    headwind = std::make_unique<OperatorProcess>(with_instances());
    grant_what_is_printed();
    mark_ = plane().audit().mark();
    headwind->start();
  }
  void TearDown() override {
    for (const char* collection : {rollouts, clusters, services, sites}) plane().call("DELETE", path(collection));
    Rollouts::TearDown();
  }

  static constexpr const char* rollouts = "argoproj.io/v1alpha1/rollouts";
  static constexpr const char* clusters = "postgresql.cnpg.io/v1/clusters";
  static constexpr const char* services = "serving.knative.dev/v1/services";
  static constexpr const char* sites = "example.com/v1/sites";

  OperatorSettings with_instances() const {
    OperatorSettings with = settings();
    const Json site{{"group", "example.com"},
                    {"versions", {"v1"}},
                    {"kind", "Site"},
                    {"plural", "sites"},
                    {"images", {{{"path", "$.spec.image.tag"}, {"repositoryPath", "$.spec.image.repository"}}}},
                    {"ready", {{{"path", "$.status.tag"}, {"equalsPath", "$.spec.image.tag"}}}},
                    {"failed", {{{"path", "$.status.error"}, {"exists", true}, {"message", "$.status.error"}}}}};
    for (const auto& [name, own] :
         std::vector<std::pair<std::string, Json>>{{"rollout", {{"preset", "argo-rollout"}}},
                                                   {"postgres", {{"preset", "cnpg-cluster"}}},
                                                   {"knative", {{"preset", "knative-service"}}},
                                                   {"site", site}})
      with.instances.push_back({{"name", name}, {"plugin", "headwind.workload.generic"}, {"settings", own}});
    return with;
  }
  // `headwind plugin rbac --config ... | kubectl apply -f -`
  void grant_what_is_printed() const {
    const auto file = headwind->directory();
    const auto printed = testbed::run({(OperatorProcess::build() / "host" / "headwind").string(), "plugin", "rbac",
                                       "--config", (file / "headwind.yaml").string()});
    ASSERT_TRUE(printed) << printed.error().message;
    headwind->write("rbac.yaml", *printed);
    kubectl({"apply", "-f", (file / "rbac.yaml").string()});
  }

  // Of "argoproj.io/v1alpha1/rollouts".
  std::string path(const std::string& collection, const std::string& name = {}) const {
    const auto slash = collection.rfind('/');
    return "/apis/" + collection.substr(0, slash) + "/namespaces/" + space + collection.substr(slash) +
           (name.empty() ? "" : "/" + name);
  }
  void put(const std::string& collection, const std::string& kind, const Json& spec,
           const Annotations& annotations) const {
    Json metadata{{"name", "web"}};
    for (const auto& [key, value] : annotations) metadata["annotations"]["headwind.sh/" + key] = value;
    const std::string version = collection.substr(0, collection.rfind('/'));
    const auto made =
        plane().call("POST", path(collection),
                     Json{{"apiVersion", version}, {"kind", kind}, {"metadata", metadata}, {"spec", spec}}.dump());
    ASSERT_TRUE(made.ok()) << made.body;
    ASSERT_TRUE(eventually([&] { return headwind->knows(kind, space, "web"); }));
  }
  // The controller's word; `resource` may be ".../web/status".
  void report(const std::string& resource, const Json& status) const {
    const auto written = plane().call("PATCH", resource, Json{{"status", status}}.dump());
    ASSERT_TRUE(written.ok()) << written.body;
  }
  bool holds(const std::string& resource, const std::string& pointer, const std::string& expected) const {
    return eventually([&] { return get(resource).value(Json::json_pointer(pointer), "") == expected; });
  }
  // What Headwind makes of the status: it follows the rollout, and says that of it.
  bool is_followed(const std::string& state, const std::string& reason) const {
    return eventually([&] {
      const Json all = headwind->api("GET", "/api/v1/rollouts?namespace=" + space).json();
      return std::any_of(all.begin(), all.end(), [&](const Json& one) {
        return one.value("state", "") == state && one.value("reason", "").find(reason) != std::string::npos;
      });
    });
  }
  bool rolled_out(std::size_t times) const {
    return eventually([&] { return events_about(space, "web", "RolledOut").size() >= times; });
  }
  // The rights that were printed are enough, and each is used.
  void expect_rights_used(const std::string& resource) const {
    for (const auto& call : plane().audit().entries({.user = operator_user}, mark_)) {
      if (call.resource == "namespaces" || call.uri.find("dryRun=") != std::string::npos) continue;
      EXPECT_NE(call.code, 403) << call.verb << " " << call.uri;
    }
    for (const char* verb : {"get", "list", "watch", "patch"})
      EXPECT_FALSE(plane().audit().entries({.verb = verb, .resource = resource, .user = operator_user}, mark_).empty())
          << verb << " " << resource;
  }

 private:
  std::uint64_t mark_ = 0;
};

TEST_F(CustomResources, an_Argo_Rollout_is_updated_followed_and_undone_by_its_own_status) {
  const std::string web = path(rollouts, "web"), at = "/spec/template/spec/containers/0/image";
  const auto say = [&](const std::string& phase, const std::string& message = {}) {
    const Json now = get(web);
    report(web + "/status", {{"phase", phase},
                             {"message", message},
                             {"currentPodHash", "6f8b9"},
                             {"observedGeneration", std::to_string(now["metadata"]["generation"].get<int>())}});
  };
  push("1.0.0");
  const Json labels{{"app", "web"}};
  const Json pod{{"containers", {{{"name", "app"}, {"image", image("1.0.0")}}}}};
  put(rollouts, "Rollout",
      {{"replicas", 1},
       {"selector", {{"matchLabels", labels}}},
       {"strategy", {{"canary", Json::object()}}},
       {"template", {{"metadata", {{"labels", labels}}}, {"spec", pod}}}},
      undoing());
  say("Healthy");
  push("1.1.0");
  ASSERT_TRUE(holds(web, at, image("1.1.0")));
  say("Progressing", "more replicas need to be updated");
  EXPECT_TRUE(events_about(space, "web", "RolledOut").empty());
  say("Healthy");
  EXPECT_TRUE(rolled_out(1));
  EXPECT_TRUE(requests(space).empty());

  push("1.2.0");
  ASSERT_TRUE(holds(web, at, image("1.2.0")));
  say("Degraded", "ProgressDeadlineExceeded: ReplicaSet web-6f8b9 has timed out progressing.");
  ASSERT_TRUE(holds(web, at, image("1.1.0")));
  const Json request = request_in("RolledBack");
  ASSERT_TRUE(request.is_object()) << request;
  EXPECT_EQ(request["spec"]["targetRef"]["kind"], "Rollout");
  EXPECT_EQ(request["spec"]["newImage"], image("1.2.0"));
  EXPECT_THAT(request["spec"]["rollback"].value("reason", ""), HasSubstr("ReplicaSet web-6f8b9 has timed out"));
  say("Healthy");
  EXPECT_TRUE(has_condition(name_of(request), "RolledBack", "True RolloutComplete")) << get(requests_path(space));
  expect_rights_used("rollouts");
}

TEST_F(CustomResources, a_crashing_pod_of_an_Argo_Rollout_is_seen_through_its_ReplicaSet) {
  const std::string web = path(rollouts, "web"), at = "/spec/template/spec/containers/0/image";
  push("1.0.0");
  Json template_object{{"metadata", {{"labels", {{"app", "web"}}}}},
                       {"spec", {{"containers", {{{"name", "app"}, {"image", image("1.0.0")}}}}}}};
  put(rollouts, "Rollout",
      {{"replicas", 1}, {"selector", {{"matchLabels", {{"app", "web"}}}}}, {"template", template_object}}, undoing());
  push("1.1.901");
  ASSERT_TRUE(holds(web, at, image("1.1.901")));
  // What Argo's controller makes of it, and the ReplicaSet controller of that.
  const Json now = get(web);
  const Json owner{{"apiVersion", "argoproj.io/v1alpha1"},
                   {"kind", "Rollout"},
                   {"name", "web"},
                   {"uid", now["metadata"]["uid"]},
                   {"controller", true}};
  const Json labels{{"app", "web"}, {"rollouts-pod-template-hash", "6f8b9"}};
  template_object["metadata"]["labels"] = labels;
  template_object["spec"]["nodeName"] = "node-0";
  template_object["spec"]["containers"][0]["image"] = image("1.1.901");
  const Json set{{"metadata", {{"name", "web-6f8b9"}, {"labels", labels}, {"ownerReferences", Json::array({owner})}}},
                 {"spec", {{"replicas", 1}, {"selector", {{"matchLabels", labels}}}, {"template", template_object}}}};
  const auto made = plane().call("POST", path("apps/v1/replicasets"), set.dump());
  ASSERT_TRUE(made.ok()) << made.body;
  report(web + "/status", {{"phase", "Progressing"},
                           {"currentPodHash", "6f8b9"},
                           {"observedGeneration", std::to_string(now["metadata"]["generation"].get<int>())}});
  ASSERT_TRUE(holds(web, at, image("1.0.0")));
  const std::string reason = request_in("RolledBack")["spec"]["rollback"].value("reason", "");
  EXPECT_THAT(reason, HasSubstr("pod web-6f8b9-"));
  EXPECT_THAT(reason, HasSubstr("container app: CrashLoopBackOff"));
}

TEST_F(CustomResources, a_database_cluster_is_updated_when_approved_and_undone_when_it_fails) {
  const std::string web = path(clusters, "web");
  const auto say = [&](const std::string& running, const std::string& phase, const std::string& reason) {
    report(web + "/status", {{"image", running}, {"phase", phase}, {"phaseReason", reason}, {"readyInstances", 1}});
  };
  const auto approve = [&](const std::string& request) {
    ASSERT_TRUE(request_for(request, "Pending").is_object()) << Json(requests(space));
    const Reply said = headwind->api("POST", "/api/v1/updates/" + space + "/" + request + "/approve", Json::object());
    EXPECT_EQ(said.status, 200u) << said.body;
  };
  push("17.4");
  Annotations annotations = undoing();
  std::erase_if(annotations, [](const auto& one) { return one.first == "require-approval"; });
  put(clusters, "Cluster", {{"instances", 1}, {"imageName", image("17.4")}, {"storage", {{"size", "1Gi"}}}},
      annotations);
  say(image("17.4"), "Cluster in healthy state", "");
  push("17.5");
  approve("web-17-5");
  ASSERT_TRUE(holds(web, "/spec/imageName", image("17.5")));
  say(image("17.4"), "Upgrading cluster", "");
  say(image("17.5"), "Cluster in healthy state", "");
  EXPECT_TRUE(has_condition("web-17-5", "RolledOut", "True RolloutComplete")) << get(requests_path(space));

  push("17.6");
  approve("web-17-6");
  ASSERT_TRUE(holds(web, "/spec/imageName", image("17.6")));
  say(image("17.6"), "Cluster is unrecoverable and needs manual intervention", "the data directory is too old");
  ASSERT_TRUE(holds(web, "/spec/imageName", image("17.5")));
  const Json request = request_for("web-17-6", "RolledBack");
  ASSERT_TRUE(request.is_object()) << Json(requests(space));
  EXPECT_THAT(request["spec"]["rollback"].value("reason", ""), HasSubstr("the data directory is too old"));
  EXPECT_THAT(told(), Contains("rollback_triggered"));
  say(image("17.5"), "Cluster in healthy state", "");
  EXPECT_TRUE(has_condition("web-17-6", "RolledBack", "True RolloutComplete")) << get(requests_path(space));
  expect_rights_used("clusters");
}

// As Knative's controller writes it: first that its Configuration is behind, then of which revision it speaks, at the
// end that the traffic follows. Of a revision that fails, no route knows: the former one serves on.
TEST_F(CustomResources, a_Knative_Service_is_updated_followed_and_undone_when_its_revision_fails) {
  const std::string web = path(services, "web"), at = "/spec/template/spec/containers/0/image";
  struct Said {
    std::string status = "True", reason = {}, message = {};
  };
  const auto condition = [](const std::string& type, const Said& said) {
    Json one{{"type", type}, {"status", said.status}, {"lastTransitionTime", "2026-01-02T03:04:05Z"}};
    if (!said.reason.empty()) one["reason"] = said.reason;
    if (!said.message.empty()) one["message"] = said.message;
    return one;
  };
  const auto say = [&](int created, int ready, const Said& configurations, const Said& routes) {
    const auto revision = [](int number) { return "web-0000" + std::to_string(number); };
    const auto badness = [](const Said& said) { return said.status == "False" ? 2 : said.status == "Unknown" ? 1 : 0; };
    const Said& worst = badness(routes) > badness(configurations) ? routes : configurations;
    report(web + "/status",
           {{"observedGeneration", get(web)["metadata"]["generation"]},
            {"latestCreatedRevisionName", revision(created)},
            {"latestReadyRevisionName", revision(ready)},
            {"traffic", {{{"revisionName", revision(ready)}, {"latestRevision", true}, {"percent", 100}}}},
            {"conditions",
             {condition("ConfigurationsReady", configurations), condition("Ready", worst),
              condition("RoutesReady", routes)}}});
  };
  const Said behind{"Unknown", "OutOfDate",
                    "The Configuration is still working to reflect the latest desired specification."},
      unmigrated{"Unknown", "TrafficNotMigrated", "Traffic is not yet migrated to the latest revision."};
  push("1.0.0");
  const Json pod{{"containerConcurrency", 0},
                 {"timeoutSeconds", 300},
                 {"containers", {{{"name", "user-container"}, {"image", image("1.0.0")}}}}};
  put(services, "Service", {{"template", {{"spec", pod}}}, {"traffic", {{{"latestRevision", true}, {"percent", 100}}}}},
      undoing());
  say(1, 1, {}, {});
  push("1.1.0");
  ASSERT_TRUE(holds(web, at, image("1.1.0")));
  say(1, 1, behind, {});
  EXPECT_TRUE(is_followed("running", "condition Ready is Unknown: OutOfDate"));
  say(2, 1, {"Unknown"}, {});
  EXPECT_TRUE(is_followed("running", "latestReadyRevisionName is web-00001"));
  say(2, 2, {}, unmigrated);
  EXPECT_TRUE(is_followed("running", "condition Ready is Unknown: TrafficNotMigrated"));
  EXPECT_TRUE(events_about(space, "web", "RolledOut").empty());
  say(2, 2, {}, {});
  EXPECT_TRUE(rolled_out(1));
  EXPECT_TRUE(requests(space).empty());

  push("1.2.0");
  ASSERT_TRUE(holds(web, at, image("1.2.0")));
  const std::string trouble = "Initial scale was never achieved";
  say(3, 2, {"False", "RevisionFailed", "Revision \"web-00003\" failed with message: " + trouble + "."}, {});
  ASSERT_TRUE(holds(web, at, image("1.1.0")));
  const Json request = request_in("RolledBack");
  ASSERT_TRUE(request.is_object()) << request;
  EXPECT_EQ(request["spec"]["targetRef"]["apiVersion"], "serving.knative.dev/v1");
  EXPECT_EQ(request["spec"]["newImage"], image("1.2.0"));
  EXPECT_THAT(request["spec"]["rollback"].value("reason", ""), HasSubstr(trouble));
  say(4, 4, {}, {});
  EXPECT_TRUE(has_condition(name_of(request), "RolledBack", "True RolloutComplete")) << get(requests_path(space));
  expect_rights_used("services");
}

TEST_F(CustomResources, a_tag_beside_its_repository_is_changed_and_changed_back) {
  const std::string web = path(sites, "web"), name = registry().host() + "/" + repository();
  push("1.0.0");
  put(sites, "Site", {{"image", {{"repository", name}, {"tag", "1.0.0"}}}, {"title", "1.0.0"}}, undoing());
  push("1.1.0");
  ASSERT_TRUE(holds(web, "/spec/image/tag", "1.1.0"));
  report(web, {{"tag", "1.1.0"}});
  EXPECT_TRUE(rolled_out(1));
  push("1.2.0");
  ASSERT_TRUE(holds(web, "/spec/image/tag", "1.2.0"));
  report(web, {{"error", "the page is empty"}});
  ASSERT_TRUE(holds(web, "/spec/image/tag", "1.1.0"));
  EXPECT_THAT(request_in("RolledBack")["spec"]["rollback"].value("reason", ""), HasSubstr("the page is empty"));
  EXPECT_EQ(get(web)["spec"], Json({{"image", {{"repository", name}, {"tag", "1.1.0"}}}, {"title", "1.0.0"}}));
}

}  // namespace
}  // namespace headwind::end_to_end
