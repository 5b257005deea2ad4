// SPDX-License-Identifier: Apache-2.0
// What the chart renders, against the manifests of deploy/ and the values of Headwind 0.1.x. No cluster.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "chart.hpp"
#include "config/config.hpp"
#include "testbed/control_plane.hpp"

namespace headwind::chart {
namespace {

using testing::HasSubstr;
using Grants = std::set<std::string>;  // "patch apps/deployments", with a name behind it where there is one

class Render : public ::testing::Test {
 protected:
  void SetUp() override { HEADWIND_NEEDS_HELM(); }
};

bool is_for_people(const std::string& name) {
  for (const char* role : {"-viewer", "-approver", "-admin", "-api-proxy", "-port-forward"})
    if (name.ends_with(role)) return true;
  return false;
}

Grants grants_of(const std::vector<Json>& objects, const std::set<std::string>& kinds = {"ClusterRole", "Role"}) {
  Grants grants;
  for (const Json& object : objects) {
    if (!kinds.contains(object.value("kind", ""))) continue;
    const std::string name = object.at("/metadata/name"_json_pointer);
    if (is_for_people(name)) continue;
    for (const Json& rule : object.at("rules"))
      for (const Json& group : rule.at("apiGroups"))
        for (const Json& resource : rule.at("resources"))
          for (const Json& verb : rule.at("verbs"))
            for (const Json& only : rule.value("resourceNames", Json::array({""})))
              grants.insert(verb.get<std::string>() + " " + group.get<std::string>() + "/" +
                            resource.get<std::string>() + " " + only.get<std::string>());
  }
  return grants;
}

std::vector<Json> shipped_rights() { return documents(read(source() / "deploy/20-rbac.yaml")); }

Json container_of(const std::vector<Json>& objects) {
  return one(objects, "Deployment", "headwind").at("/spec/template/spec/containers/0"_json_pointer);
}

std::map<std::string, std::string> variables_of(const Json& container) {
  std::map<std::string, std::string> variables;
  for (const Json& entry : container.at("env"))
    if (entry.contains("value")) variables[entry["name"]] = entry["value"];
  return variables;
}

TEST_F(Render, DefinitionAndApprovalPolicyAreThoseOfTheManifests) {
  EXPECT_EQ(read(directory() / "crds/updaterequests.yaml"), read(source() / "deploy/10-crd.yaml"));
  EXPECT_EQ(read(directory() / "files/approval-policy.yaml"), read(source() / "deploy/15-approval-policy.yaml"));
  const auto with = documents(rendered({"--set", "approvalPolicy.create=true"}));
  const auto shipped = documents(read(source() / "deploy/15-approval-policy.yaml"));
  for (const Json& object : shipped) EXPECT_EQ(one(with, object["kind"], object["metadata"]["name"]), object);
  const char* const able = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";
  EXPECT_TRUE(has(documents(rendered({"--api-versions", able})), "ValidatingAdmissionPolicy"));
  EXPECT_FALSE(has(documents(rendered({"--set", "approvalPolicy.create=false", "--api-versions", able})),
                   "ValidatingAdmissionPolicy"));
}

TEST_F(Render, ItsRightsAreThoseOfTheManifests) {
  const auto objects = documents(rendered({"--set", "approvalPolicy.create=false"}));
  EXPECT_EQ(grants_of(objects), grants_of(shipped_rights()));
  EXPECT_EQ(grants_of(objects, {"Role"}), grants_of(shipped_rights(), {"Role"}));
  int for_people = 0;
  for (const Json& role : shipped_rights()) {
    const std::string kind = role["kind"], name = role["metadata"]["name"];
    if (!role.contains("rules") || !is_for_people(name)) continue;
    ++for_people;
    EXPECT_EQ(one(objects, kind, name)["rules"], role["rules"]) << name;
  }
  EXPECT_GE(for_people, 5);
}

TEST_F(Render, OneNamespaceNeedsOfTheClusterOnlyWhatNoRoleCanGrant) {
  const auto objects = documents(rendered({"--set", "watchNamespace=shop", "--set", "approvalPolicy.create=false"}));
  EXPECT_EQ(
      grants_of(objects, {"ClusterRole"}),
      (Grants{"list /namespaces shop", "watch /namespaces shop",
              "get admissionregistration.k8s.io/validatingadmissionpolicies approvals-v1.headwind.sh",
              "get admissionregistration.k8s.io/validatingadmissionpolicybindings approvals-v1.headwind.sh",
              "create authentication.k8s.io/tokenreviews ", "create authorization.k8s.io/subjectaccessreviews "}));
  Grants all = grants_of(shipped_rights());
  for (const char* verb : {"list", "watch"}) {
    all.erase(std::string(verb) + " /namespaces ");
    all.insert(std::string(verb) + " /namespaces shop");
  }
  EXPECT_EQ(grants_of(objects), all);
  EXPECT_EQ(one(objects, "Role", "headwind-workloads")["metadata"]["namespace"], "shop");
}

TEST_F(Render, TheConfigurationThatIsMountedHasNoMistakesWithAnyValues) {
  for (const auto& values : values_files()) {
    const auto objects = documents(rendered({"-f", values.string()}));
    const std::string yaml = one(objects, "ConfigMap", "headwind-file")["data"]["headwind.yaml"];
    const auto config = config::parse(yaml, "headwind.yaml");
    ASSERT_TRUE(config) << values << ": " << config.error().message;
    EXPECT_EQ(config->auth, config::AuthMode::token) << values;
    EXPECT_EQ(container_of(objects)["args"], Json({"run", "--config", "/etc/headwind/headwind.yaml"}));
  }
}

TEST_F(Render, ValuesOf01xAreAcceptedAndWhatHasNoEffectIsNamed) {
  const auto file = (directory() / "ci/former-used-values.yaml").string();
  const auto objects = documents(rendered({"-f", file}));
  const auto variables = variables_of(container_of(objects));
  for (const auto& [name, value] : std::map<std::string, std::string>{{"RUST_LOG", "headwind=debug,kube=info"},
                                                                      {"HEADWIND_POLLING_ENABLED", "true"},
                                                                      {"HEADWIND_UPDATES_MIN_INTERVAL", "10m"},
                                                                      {"SLACK_ENABLED", "true"},
                                                                      {"SLACK_ICON_EMOJI", ":sailboat:"},
                                                                      {"TEAMS_ENABLED", "true"},
                                                                      {"WEBHOOK_ENABLED", "true"}})
    EXPECT_EQ(variables.contains(name) ? variables.at(name) : "(absent)", value) << name;
  const Json secret = one(objects, "Secret", "headwind-secrets")["stringData"];
  EXPECT_EQ(secret["slack-webhook-url"], "https://hooks.example.com/services/a");
  EXPECT_EQ(secret["webhook-secret"], "example");
  EXPECT_EQ(one(objects, "ConfigMap", "headwind-config")["data"]["polling.interval"], "600");
  const Json hosts = one(objects, "Ingress", "headwind")["spec"]["rules"];
  ASSERT_EQ(hosts.size(), 1u) << "the dashboard's is left out";
  EXPECT_EQ(hosts[0]["host"], "hooks.example.com");
  EXPECT_EQ(one(objects, "Deployment", "headwind")["spec"]["replicas"], 1);
  const std::string notes =
      run({program("helm"), "install", "headwind", directory().string(), "--dry-run=client", "-f", file});
  for (const char* named : {"replicaCount 3", "service.uiPort", "(ui)", "HEADWIND_UI_AUTH_MODE", "slack.channel",
                            "crds:", "influxdb", "minAvailable"})
    EXPECT_THAT(notes, HasSubstr(named));
}

// Webhooks that do not come are noticed late; helm says it at once.
TEST_F(Render, AnIngressThatWouldLeadNowhereIsRefused) {
  for (const auto& [hosts, named] : std::map<std::string, std::string>{
           {"ingress.hosts=null", "ingress.hosts is empty"},
           {"ingress.hosts[0].host=hooks.example.com", "hooks.example.com has no paths"}}) {
    try {
      rendered({"--set", "ingress.enabled=true," + hosts});
      ADD_FAILURE() << hosts;
    } catch (const std::exception& refused) {
      EXPECT_THAT(refused.what(), HasSubstr(named));
      EXPECT_THAT(refused.what(), HasSubstr("backend: webhook"));
    }
    EXPECT_NO_THROW(rendered({"--set", hosts})) << "it is switched off";
  }
  // The values of 0.1.x with its Ingress switched on: they are accepted, and told.
  const auto file = (directory() / "ci/former-values.yaml").string();
  EXPECT_FALSE(has(documents(rendered({"-f", file, "--set", "ingress.enabled=true"})), "Ingress"));
  EXPECT_THAT(run({program("helm"), "install", "headwind", directory().string(), "--dry-run=client", "-f", file,
                   "--set", "ingress.enabled=true"}),
              HasSubstr("so there is no Ingress"));
}

TEST_F(Render, AValueThatIsLeftEmptyIsNone) {
  const auto objects = documents(rendered({"--set", "deploymentAnnotations=null"}));
  EXPECT_EQ(one(objects, "Deployment", "headwind"), one(documents(rendered()), "Deployment", "headwind"));
}

TEST_F(Render, AMisspeltValueIsRefused) {
  for (const char* wrong : {"replicaCounts=1", "image.tags=1", "notifications.slak.enabled=true", "watchNamespace=A_B"})
    EXPECT_THROW(rendered({"--set", wrong}), std::runtime_error) << wrong;
}

// Service, probes and NetworkPolicy would still lead to the usual one.
TEST_F(Render, APortInThePodIsRefusedAndOneOutsideIsNot) {
  const std::map<std::string, std::pair<int, std::string>> ports{
      {"webhooks", {8080, "webhook"}}, {"api", {8081, "api"}}, {"metrics", {9090, "metrics"}}};
  for (const auto& [name, usual] : ports) {
    const std::string value = "config.ports." + name + ".port=";
    try {
      rendered({"--set", value + "8443"});
      ADD_FAILURE() << name;
    } catch (const std::exception& refused) {
      EXPECT_THAT(refused.what(), HasSubstr("/config/ports/" + name + "/port"));
      EXPECT_THAT(refused.what(), HasSubstr(std::to_string(usual.first)));
    }
    EXPECT_NO_THROW(rendered({"--set", value + std::to_string(usual.first)})) << name;
    const auto objects = documents(rendered({"--set", "service." + usual.second + "Port=8443"}));
    bool served = false;
    for (const Json& port : one(objects, "Service", "headwind")["spec"]["ports"])
      served = served || (port["port"] == 8443 && port["targetPort"] == usual.second);
    EXPECT_TRUE(served) << name;
  }
  EXPECT_NO_THROW(rendered({"--set", "config.ports.api.address=127.0.0.1"})) << "an address is no port";
}

TEST_F(Render, PluginsAndScriptsAreMountedWhereTheConfigurationLooksForThem) {
  const auto objects = documents(rendered({"-f", (directory() / "ci/full-values.yaml").string()}));
  const Json pod = one(objects, "Deployment", "headwind").at("/spec/template/spec"_json_pointer);
  const std::string yaml = one(objects, "ConfigMap", "headwind-file")["data"]["headwind.yaml"];
  const auto config = config::parse(yaml, "headwind.yaml");
  ASSERT_TRUE(config);
  std::set<std::string> mounted{"/usr/lib/headwind/plugins"}, volumes;
  for (const Json& mount : pod["containers"][0]["volumeMounts"]) mounted.insert(mount["mountPath"]);
  for (const Json& volume : pod["volumes"]) volumes.insert(volume["name"]);
  for (const std::string& place : config->plugin_directories) EXPECT_TRUE(mounted.contains(place)) << place;
  EXPECT_EQ(config->plugin_directories.size(), 3u);
  ASSERT_EQ(config->plugins.size(), 1u);
  EXPECT_EQ(config->plugins[0].name, "canary");
  EXPECT_TRUE(one(objects, "ConfigMap", "headwind-policies")["data"].contains("canary.py"));
  for (const Json& mount : pod["containers"][0]["volumeMounts"]) EXPECT_TRUE(volumes.contains(mount["name"])) << mount;
  EXPECT_EQ(pod["initContainers"][0]["command"], Json({"cp", "-r", "/plugins/.", "/copied/"}));
}

// What a linter of manifests would ask for.
TEST_F(Render, HelmFindsNothingToWarnOf) {
  for (const auto& values : values_files())
    EXPECT_THAT(run({program("helm"), "lint", "--strict", directory().string(), "-f", values.string()}),
                HasSubstr("0 chart(s) failed"));
}

TEST_F(Render, EachMonitorFindsOnePortOfWhatTheChartInstalls) {
  const auto objects = documents(rendered({"--set", "serviceMonitor.enabled=true,podMonitor.enabled=true"}));
  const auto selects = [](const Json& monitor, const Json& labels) {
    for (const auto& [key, value] : monitor.at("/spec/selector/matchLabels"_json_pointer).items())
      if (labels.value(key, Json()) != value) return false;
    return true;
  };
  const auto named_metrics = [](const Json& ports) {
    return std::count_if(ports.begin(), ports.end(), [](const Json& port) { return port["name"] == "metrics"; });
  };
  std::ptrdiff_t of_services = 0;
  const Json& services = one(objects, "ServiceMonitor", "headwind");
  for (const Json& object : objects)
    if (object["kind"] == "Service" && selects(services, object.at("/metadata/labels"_json_pointer)))
      of_services += named_metrics(object.at("/spec/ports"_json_pointer));
  EXPECT_EQ(of_services, 1);
  EXPECT_EQ(services.at("/spec/endpoints/0/port"_json_pointer), "metrics");
  const Json& pods = one(objects, "PodMonitor", "headwind");
  const Json& pod = one(objects, "Deployment", "headwind").at("/spec/template"_json_pointer);
  EXPECT_TRUE(selects(pods, pod.at("/metadata/labels"_json_pointer)));
  EXPECT_EQ(named_metrics(pod.at("/spec/containers/0/ports"_json_pointer)), 1);
  EXPECT_EQ(pods.at("/spec/podMetricsEndpoints/0/port"_json_pointer), "metrics");
}

TEST_F(Render, EveryContainerRunsWithoutPrivilegeAndWithinBounds) {
  for (const auto& values : values_files()) {
    const auto objects = documents(rendered({"-f", values.string()}));
    const Json pod = one(objects, "Deployment", "headwind").at("/spec/template/spec"_json_pointer);
    Json containers = pod["containers"];
    for (const Json& first : pod.value("initContainers", Json::array())) containers.push_back(first);
    for (const Json& container : containers) {
      const std::string where = values.filename().string() + ": " + container["name"].get<std::string>();
      EXPECT_EQ(container["securityContext"]["readOnlyRootFilesystem"], true) << where;
      EXPECT_EQ(container["securityContext"]["runAsNonRoot"], true) << where;
      EXPECT_EQ(container["securityContext"]["allowPrivilegeEscalation"], false) << where;
      EXPECT_EQ(container["securityContext"]["capabilities"]["drop"], Json({"ALL"})) << where;
      for (const char* bound : {"requests", "limits"})
        for (const char* what : {"cpu", "memory"}) EXPECT_TRUE(container["resources"][bound].contains(what)) << where;
      const std::string image = container["image"];
      EXPECT_NE(image.find(':'), std::string::npos) << where;
      EXPECT_FALSE(image.ends_with(":latest")) << where;
    }
    for (const char* shared : {"hostNetwork", "hostPID", "hostIPC"}) EXPECT_FALSE(pod.contains(shared)) << values;
    for (const Json& volume : pod["volumes"]) EXPECT_FALSE(volume.contains("hostPath")) << volume;
    const Json selector = one(objects, "Deployment", "headwind").at("/spec/selector/matchLabels"_json_pointer);
    for (const Json& object : objects)
      if (object["kind"] == "Service") EXPECT_EQ(object["spec"]["selector"], selector) << object["metadata"]["name"];
  }
}

}  // namespace
}  // namespace headwind::chart
