// SPDX-License-Identifier: Apache-2.0
// helm install, upgrade and uninstall on the real control plane; the program runs with what the chart made: its
// configuration, arguments, variables and the rights of its service account.
#include <gmock/gmock.h>

#include <fstream>

#include "call.hpp"
#include "installed.hpp"
#include "receiver.hpp"
#include "registry.hpp"
#include "testbed/gtest.hpp"

namespace headwind::chart {
namespace {

using end_to_end::eventually;
using testing::HasSubstr;
using testing::Not;

class Install : public Installed {
 protected:
  static void deploy(const std::string& name_space, const std::string& image) {
    plane().create_namespace(name_space);
    plane().create_deployments({.name_space = name_space,
                                .image = image,
                                .replicas = 0,
                                .annotations = {{"headwind.sh/policy", "minor"},
                                                {"headwind.sh/require-approval", "false"},
                                                {"headwind.sh/min-update-interval", "0"}}});
  }
  static std::string image_in(const std::string& name_space) {
    const Json found = get(deployments(name_space) + "/web-0");
    return found.at("/spec/template/spec/containers/0/image"_json_pointer);
  }
  // Told until the watch has brought the workload.
  static bool moves(const Pod& pod, const std::string& name_space, const std::string& image) {
    return eventually([&] {
      pod.announce(image);
      return image_in(name_space) == image;
    });
  }
};

TEST_F(Install, T123_what_the_chart_renders_is_what_the_server_describes) {
  const auto scratch = testbed::make_temporary_directory("schemas");
  write_schemas(Json::parse(plane().call("GET", "/openapi/v2").body), scratch);
  for (const auto& values : values_files()) {
    std::ofstream(scratch / "rendered.yaml")
        << rendered({"-f", values.string(), "--api-versions",
                     "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy", "--include-crds"});
    // The monitors' definitions are the Prometheus Operator's; every other kind must be described.
    const std::string said =
        run({program("kubeconform"), "-schema-location", scratch.string() + "/{{.ResourceKind}}{{.KindSuffix}}.json",
             "-skip", "ServiceMonitor,PodMonitor", "-summary", (scratch / "rendered.yaml").string()});
    EXPECT_THAT(said, HasSubstr("Invalid: 0, Errors: 0")) << values;
  }
  // It does find mistakes.
  std::ofstream(scratch / "rendered.yaml") << "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {prots: []}\n";
  EXPECT_THROW(run({program("kubeconform"), "-schema-location",
                    scratch.string() + "/{{.ResourceKind}}{{.KindSuffix}}.json", (scratch / "rendered.yaml").string()}),
               std::runtime_error);
  std::filesystem::remove_all(scratch);
}

TEST_F(Install, the_server_takes_every_rendering) {
  // All but the monitors: a bare server does not know them.
  for (const char* name : {kHome, "shop"}) plane().create_namespace(name);
  const auto scratch = testbed::make_temporary_directory("rendered");
  for (const auto& values : values_files()) {
    std::ofstream file(scratch / "rendered.json");
    Json list{{"apiVersion", "v1"}, {"kind", "List"}, {"items", Json::array()}};
    for (Json& object : documents(rendered({"-f", values.string(), "--include-crds"})))
      if (!object["kind"].get<std::string>().ends_with("Monitor")) list["items"].push_back(std::move(object));
    file << list;
    file.close();
    const std::string said =
        run({(testbed::binaries() / "kubectl").string(), "--kubeconfig", plane().kubeconfig().string(), "apply",
             "--server-side", "--dry-run=server", "-f", (scratch / "rendered.json").string()});
    EXPECT_THAT(said, HasSubstr("deployment.apps/headwind serverside-applied (server dry run)")) << values;
  }
  std::filesystem::remove_all(scratch);
}

TEST_F(Install, T123_an_installed_chart_updates_everywhere_and_upgraded_to_one_namespace_there_alone) {
  const end_to_end::Registry registry;
  const std::string image = registry.host() + "/team/app:";
  for (const char* tag : {"1.0.0", "1.1.0", "1.2.0"}) registry.push("team/app", tag);
  const std::string endpoint =
      R"(config.registries={")" + registry.host() + R"(": {"endpoint": "http://)" + registry.host() + R"("}})";
  deploy("shop", image + "1.0.0");
  deploy("elsewhere", image + "1.0.0");

  const end_to_end::Receiver receiver;
  const std::string notes =
      helm({"install", "headwind", directory().string(), "--create-namespace", "--set-json", endpoint, "--set",
            "notifications.webhook.enabled=true", "--set", "notifications.webhook.url=" + receiver.url()});
  EXPECT_THAT(notes, HasSubstr("workloads of all namespaces"));
  {
    const Pod pod;
    EXPECT_TRUE(pod.is_prepared()) << pod.log();
    EXPECT_TRUE(moves(pod, "shop", image + "1.1.0")) << pod.log();
    EXPECT_TRUE(moves(pod, "elsewhere", image + "1.1.0")) << pod.log();
    // Its address stands in a Secret that the chart made.
    EXPECT_TRUE(eventually([&] { return !receiver.about("shop").empty(); })) << pod.log();
  }
  helm({"upgrade", "headwind", directory().string(), "--reuse-values", "--set", "watchNamespace=shop"});
  EXPECT_TRUE(get("/apis/rbac.authorization.k8s.io/v1/clusterroles/headwind").is_null()) << "no longer needed";
  {
    const Pod pod;
    EXPECT_TRUE(pod.is_prepared()) << pod.log();
    EXPECT_TRUE(moves(pod, "shop", image + "1.2.0")) << pod.log();
    EXPECT_EQ(image_in("elsewhere"), image + "1.1.0") << "it is not seen";
    EXPECT_THAT(pod.log(), Not(HasSubstr("forbidden")));
  }
  helm({"uninstall", "headwind"});
  EXPECT_TRUE(get(deployments(kHome) + "/headwind").is_null());
  EXPECT_TRUE(get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/updaterequests.headwind.sh").is_object())
      << "with it every UpdateRequest would go";
}

TEST_F(Install, T128_a_release_of_01x_is_upgraded_and_what_its_dashboard_wrote_stays) {
  // What of 0.1.x's chart stands in the way of an upgrade: a Deployment that rolls, and the ConfigMap.
  const auto former = testbed::make_temporary_directory("former");
  std::filesystem::create_directory(former / "templates");
  std::ofstream(former / "Chart.yaml") << "apiVersion: v2\nname: headwind\nversion: 0.1.0\n";
  Json deployment = one(documents(rendered()), "Deployment", "headwind");
  deployment["spec"]["strategy"] = {{"type", "RollingUpdate"}};
  std::ofstream(former / "templates/all.yaml")
      << deployment.dump() << "\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: headwind-config}}\n";
  const std::vector<std::string> upgrade{"upgrade", "headwind", directory().string(), "-f",
                                         (directory() / "ci/former-values.yaml").string()};
  // By Helm 3, which merges on its own side, and by a later one, which leaves it to the server (docs/upgrade.md).
  for (const bool by_server : {false, true}) {
    helm({"install", "headwind", former.string(), "--create-namespace",
          std::string("--server-side=") + (by_server ? "true" : "false")});
    plane().call("PATCH", map_path("headwind-config"), R"({"data":{"polling.interval":"900"}})");
    std::vector<std::string> command = upgrade;
    if (by_server) command.emplace_back("--server-side=false");
    helm(command);
    EXPECT_EQ(get(deployments(kHome) + "/headwind").at("/spec/strategy"_json_pointer), Json({{"type", "Recreate"}}));
    EXPECT_EQ(get(map_path("headwind-config")).at("data"), Json({{"polling.interval", "900"}}));
    helm({"uninstall", "headwind"});
  }
  std::filesystem::remove_all(former);
}

}  // namespace
}  // namespace headwind::chart
