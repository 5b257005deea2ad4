// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "cli/program.hpp"

namespace headwind::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

Finished rbac(const std::string& instances, const std::string& more = {}) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("c.yaml", "plugins:\n" + more + "  instances:\n" + instances);
  return headwind({"plugin", "rbac", "--config", file});
}

std::string generic(const std::string& name, const std::string& settings) {
  return "    - {name: " + name + ", plugin: headwind.workload.generic, settings: {" + settings + "}}\n";
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(PluginRbac, has_nothing_to_add_for_the_kinds_of_the_shipped_role) {
  const auto done = headwind({"plugin", "rbac"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, "# Nothing to add: deploy/20-rbac.yaml covers every configured workload kind.\n");
}

TEST(PluginRbac, the_shipped_role_grants_what_is_left_out) {
  const auto done = rbac("    - {name: cronjob, plugin: headwind.workload.cronjob}\n");
  EXPECT_THAT(done.out, StartsWith("# Nothing to add"));
  const char* source = std::getenv("HEADWIND_SOURCE");
  std::ifstream in(std::string(source ? source : ".") + "/deploy/20-rbac.yaml");
  const std::string deployed{std::istreambuf_iterator<char>(in), {}};
  const std::string rules = deployed.substr(0, deployed.find("kind: ClusterRoleBinding"));
  EXPECT_THAT(rules, AllOf(HasSubstr("[apps]\n    resources: [deployments, statefulsets, daemonsets]\n    "
                                     "verbs: [get, list, watch, patch]"),
                           HasSubstr("[batch]\n    resources: [cronjobs]\n    verbs: [get, list, watch, patch]"),
                           HasSubstr("[helm.toolkit.fluxcd.io]\n    resources: [helmreleases]\n    verbs: [get, list, "
                                     "watch, patch]"),
                           HasSubstr("resources: [helmrepositories]\n    verbs: [list, watch"),
                           HasSubstr("resources: [ocirepositories]\n    verbs: [list, watch"),
                           HasSubstr("[apps]\n    resources: [replicasets]\n    verbs: [list, watch]"),
                           HasSubstr("[\"\"]\n    resources: [pods]\n    verbs: [list, watch")));
}

TEST(PluginRbac, prints_a_role_and_its_binding_for_custom_resources) {
  const auto done = rbac(generic("rollout", "preset: argo-rollout") + generic("postgres", "preset: cnpg-cluster"));
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, R"(# What the configured workload kinds need beyond deploy/20-rbac.yaml.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: headwind-workloads
  labels:
    app.kubernetes.io/name: headwind
rules:
  # Cluster, for the plugin instance postgres
  - apiGroups: ["postgresql.cnpg.io"]
    resources: ["clusters"]
    verbs: [get, list, watch, patch]
  # Rollout, for the plugin instance rollout
  - apiGroups: ["argoproj.io"]
    resources: ["rollouts"]
    verbs: [get, list, watch, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: headwind-workloads
  labels:
    app.kubernetes.io/name: headwind
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: headwind-workloads
subjects:
  - kind: ServiceAccount
    name: headwind
    namespace: headwind-system
)");
}

TEST(PluginRbac, what_a_kind_needs_to_see_may_be_listed_and_watched) {
  const auto build = build_directory();
  const auto done = rbac("    - {name: widgets, plugin: com.example.widgets}\n",
                         "  directories: [" + (build / "plugins").string() + ", " +
                             (build / "tests" / "cli" / "modules").string() + "]\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("apiGroups: [\"example.com\"]\n    resources: [\"widgets\"]\n    verbs: [get, list, "
                                  "watch, patch]"));
  EXPECT_THAT(done.out,
              HasSubstr("apiGroups: [\"example.com\"]\n    resources: [\"parts\"]\n    verbs: [list, watch]"));
  EXPECT_THAT(done.out,
              HasSubstr("[\"plans.example.com\"]\n    resources: [\"blueprints\"]\n    verbs: [list, watch]"));
  EXPECT_THAT(done.out, HasSubstr("apiGroups: [\"\"]\n    resources: [\"services\"]\n    verbs: [list, watch]"));
  EXPECT_THAT(done.out, Not(HasSubstr("pods")));
}

TEST(PluginRbac, a_resource_stands_there_once) {
  const auto done = rbac(generic("one", "preset: argo-rollout") + generic("two", "preset: argo-rollout"));
  EXPECT_EQ(count_of(done.out, "\"rollouts\""), 1U) << done.out;
}

TEST(PluginRbac, needs_no_secret_of_other_plugins) {
  const auto done =
      rbac(generic("rollout", "preset: argo-rollout") +
           "    - {name: ops, plugin: headwind.notifier.slack, secrets: {url: {environment: NOT_THERE}}}\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("rollouts"));
}

TEST(PluginRbac, settings_that_are_refused_are_named_in_one_sentence) {
  for (const auto& [settings, sentence] : std::vector<std::pair<std::string, std::string>>{
           {"preset: argo-rollouts", "settings.preset: argo-rollouts is none: choose argo-rollout, "},
           {"preset: argo-rollout, images: [{path: '$..image'}]", "settings.images[0].path: .. is not supported"},
           {"preset: argo-rollout, colour: red", "'colour'"},
           {"preset: argo-rollout, ready: [{path: $.status.phase, equal: Healthy}]", "settings.ready[0]: "},
           {"preset: argo-rollout, ready: [{condition: Ready, status: yes}]", "settings.ready[0].status"},
           {"preset: argo-rollout, pods: {label: x}", "settings.pods"},
           {"preset: argo-rollout, kind: rollout", "settings.kind"}}) {
    const auto done = rbac(generic("rollout", settings));
    EXPECT_EQ(done.code, 1) << settings;
    EXPECT_THAT(done.out, IsEmpty());
    EXPECT_EQ(count_of(done.err, "\n"), 1U) << done.err;
    EXPECT_THAT(done.err, AllOf(HasSubstr("rollout"), HasSubstr(sentence)));
  }
}

TEST(PluginRbac, a_workload_plugin_that_is_not_there_is_named) {
  const auto done = rbac("    - {name: widgets, plugin: com.example.widgets}\n");
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, HasSubstr("com.example.widgets"));
}

}  // namespace
}  // namespace headwind::test
