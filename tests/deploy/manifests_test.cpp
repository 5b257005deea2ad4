// SPDX-License-Identifier: Apache-2.0
#include "deploy/manifests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "config/config.hpp"

namespace headwind::deploy {
namespace {

using nlohmann::json;
using testing::Contains;

// Kept: loops run over parts of them.
json& deployment() {
  static json spec = one(manifests(), "Deployment", "headwind").object["spec"];
  return spec;
}
json& pod() { return deployment()["template"]["spec"]; }
json& container() { return pod()["containers"].at(0); }

TEST(Manifests, EachObjectHasAKnownKindAndApiVersion) {
  const std::map<std::string, std::string> known{
      {"Namespace", "v1"},
      {"ServiceAccount", "v1"},
      {"ConfigMap", "v1"},
      {"Service", "v1"},
      {"Deployment", "apps/v1"},
      {"ClusterRole", "rbac.authorization.k8s.io/v1"},
      {"ClusterRoleBinding", "rbac.authorization.k8s.io/v1"},
      {"Role", "rbac.authorization.k8s.io/v1"},
      {"RoleBinding", "rbac.authorization.k8s.io/v1"},
      {"CustomResourceDefinition", "apiextensions.k8s.io/v1"},
      {"ValidatingAdmissionPolicy", "admissionregistration.k8s.io/v1"},
      {"ValidatingAdmissionPolicyBinding", "admissionregistration.k8s.io/v1"}};
  const auto all = manifests();
  EXPECT_GE(all.size(), 13U);
  for (const Manifest& manifest : all) {
    ASSERT_TRUE(known.contains(manifest.kind())) << manifest.file << ": " << manifest.kind();
    EXPECT_EQ(manifest.object.value("apiVersion", ""), known.at(manifest.kind())) << manifest.file;
    EXPECT_FALSE(manifest.name().empty()) << manifest.file;
  }
}

TEST(Manifests, TheNamespaceComesFirstAndEveryOtherObjectOfANamespaceIsInIt) {
  const auto all = manifests();
  ASSERT_EQ(all.front().kind(), "Namespace");
  const std::set<std::string> without{"Namespace",
                                      "ClusterRole",
                                      "ClusterRoleBinding",
                                      "CustomResourceDefinition",
                                      "ValidatingAdmissionPolicy",
                                      "ValidatingAdmissionPolicyBinding"};
  for (const Manifest& manifest : all) {
    if (without.contains(manifest.kind())) {
      EXPECT_FALSE(manifest.object["metadata"].contains("namespace")) << manifest.file;
    } else {
      EXPECT_EQ(manifest.object["metadata"].value("namespace", ""), all.front().name()) << manifest.file;
    }
  }
}

TEST(Manifests, TheDeploymentRunsWithoutAnyPrivilege) {
  const json whole = pod()["securityContext"], own = container()["securityContext"];
  EXPECT_EQ(whole["runAsNonRoot"], true);
  EXPECT_EQ(whole["runAsUser"], 1001);
  EXPECT_EQ(whole["seccompProfile"]["type"], "RuntimeDefault");
  EXPECT_EQ(own["allowPrivilegeEscalation"], false);
  EXPECT_EQ(own["privileged"], false);
  EXPECT_EQ(own["readOnlyRootFilesystem"], true);
  EXPECT_EQ(own["runAsNonRoot"], true);
  EXPECT_EQ(own["capabilities"]["drop"], json::array({"ALL"}));
  EXPECT_FALSE(own["capabilities"].contains("add"));
  for (const char* field : {"hostNetwork", "hostPID", "hostIPC"}) EXPECT_FALSE(pod().contains(field)) << field;
  for (const json& volume : pod()["volumes"]) EXPECT_FALSE(volume.contains("hostPath")) << volume;
}

TEST(Manifests, TwoPodsNeverRunAtOnce) {
  EXPECT_EQ(deployment()["replicas"], 1);
  EXPECT_EQ(deployment()["strategy"]["type"], "Recreate");
}

TEST(Manifests, TheDeploymentIsProbedAndLimited) {
  std::set<std::string> ports;
  for (const json& port : container()["ports"]) ports.insert(port["name"].get<std::string>());
  for (const auto& [probe, path] : {std::pair{"livenessProbe", "/livez"}, std::pair{"readinessProbe", "/readyz"}}) {
    EXPECT_EQ(container()[probe]["httpGet"]["path"], path);
    EXPECT_EQ(container()[probe]["httpGet"]["port"], "metrics");
  }
  EXPECT_THAT(ports, Contains("metrics"));
  for (const char* what : {"requests", "limits"})
    for (const char* resource : {"cpu", "memory"}) EXPECT_TRUE(container()["resources"][what].contains(resource));
}

TEST(Manifests, EveryServicePortLeadsToAContainerPort) {
  std::map<std::string, int> ports;
  for (const json& port : container()["ports"]) ports[port["name"]] = port["containerPort"];
  EXPECT_EQ(ports, (std::map<std::string, int>{{"webhooks", 8080}, {"api", 8081}, {"metrics", 9090}}));
  const json labels = deployment()["template"]["metadata"]["labels"];
  int services = 0;
  for (const Manifest& manifest : manifests()) {
    if (manifest.kind() != "Service") continue;
    ++services;
    for (const auto& [key, value] : manifest.object["spec"]["selector"].items())
      EXPECT_EQ(labels.value(key, ""), value.get<std::string>());
    for (const json& port : manifest.object["spec"]["ports"])
      EXPECT_TRUE(ports.contains(port["targetPort"])) << manifest.name() << ": " << port;
  }
  EXPECT_EQ(services, 3);
}

TEST(Manifests, TheServicesKeepTheNamesAndPortsOfTheFormerOperator) {
  const auto all = manifests();
  EXPECT_EQ(one(all, "Service", "headwind-webhook").object["spec"]["ports"].at(0)["port"], 80);
  EXPECT_EQ(one(all, "Service", "headwind-api").object["spec"]["ports"].at(0)["port"], 8081);
  EXPECT_EQ(one(all, "Service", "headwind-metrics").object["spec"]["ports"].at(0)["port"], 9090);
}

TEST(Manifests, TheMountedConfigurationIsTheOneGivenAndHasNoMistakes) {
  const auto all = manifests();
  std::string config_map, directory;
  for (const json& volume : pod()["volumes"])
    if (volume["name"] == "config") config_map = volume["configMap"]["name"];
  for (const json& mount : container()["volumeMounts"])
    if (mount["name"] == "config") directory = mount["mountPath"];
  EXPECT_EQ(container()["args"], json::array({"run", "--config", directory + "/headwind.yaml"}));
  const std::string yaml = one(all, "ConfigMap", config_map).object["data"]["headwind.yaml"];
  const auto config = config::parse(yaml, "headwind.yaml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->auth, config::AuthMode::token);
  EXPECT_EQ(config->webhooks.port, 8080);
  EXPECT_EQ(config->api.port, 8081);
  EXPECT_EQ(config->metrics.port, 9090);
}

TEST(Manifests, AMissingSecretKeepsNothingFromStarting) {
  int secrets = 0;
  for (const json& variable : container()["env"]) {
    if (!variable.contains("valueFrom") || !variable["valueFrom"].contains("secretKeyRef")) continue;
    ++secrets;
    EXPECT_EQ(variable["valueFrom"]["secretKeyRef"].value("optional", false), true) << variable;
  }
  EXPECT_GE(secrets, 4);
  for (const json& volume : pod()["volumes"])
    if (volume.contains("secret")) EXPECT_EQ(volume["secret"].value("optional", false), true);
}

}  // namespace
}  // namespace headwind::deploy
