// SPDX-License-Identifier: Apache-2.0
// helm install, upgrade and uninstall on the real control plane; the program runs with what the chart made: its
// configuration, arguments, variables and the rights of its service account.
#include <gmock/gmock.h>

#include <fstream>
#include <optional>

#include "call.hpp"
#include "chart.hpp"
#include "receiver.hpp"
#include "registry.hpp"
#include "testbed/gtest.hpp"

namespace headwind::chart {
namespace {

using end_to_end::eventually;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHome = "headwind-system";

testbed::ControlPlane& plane() { return testbed::shared({.controllers = true}); }

std::string helm(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program("helm"));
  arguments.insert(arguments.end(), {"--kubeconfig", plane().kubeconfig().string(), "--namespace", kHome});
  return run(arguments);
}

Json get(const std::string& path) {
  const auto answer = plane().call("GET", path);
  return answer.ok() ? Json::parse(answer.body) : Json();
}

std::string map_path(const std::string& name) {
  return std::string("/api/v1/namespaces/") + kHome + "/configmaps/" + name;
}
std::string deployments(const std::string& name_space) {
  return "/apis/apps/v1/namespaces/" + name_space + "/deployments";
}

// The pod's container without a kubelet: its files, arguments and variables, as the server has them.
class Pod {
 public:
  Pod() : directory_(testbed::make_temporary_directory("pod")) {
    const Json deployment = get(deployments(kHome) + "/headwind");
    const Json pod = deployment.at("/spec/template/spec"_json_pointer), container = pod["containers"][0];
    std::ofstream(directory_ / "headwind.yaml")
        << get(map_path("headwind-file")).at("data").at("headwind.yaml").get<std::string>();
    std::vector<std::string> command{build() / "host/headwind"};
    for (const Json& argument : container["args"])
      command.push_back(argument == "/etc/headwind/headwind.yaml" ? (directory_ / "headwind.yaml").string()
                                                                  : argument.get<std::string>());
    write_kubeconfig(pod["serviceAccountName"]);
    std::vector<std::string> variables{"KUBECONFIG=" + (directory_ / "kubeconfig").string(),
                                       "HEADWIND_PLUGINS_DIRECTORIES=[" + (build() / "plugins").string() + "]",
                                       "HEADWIND_PLUGINS_JOURNAL_DIRECTORY=" + directory_.string()};
    for (const Json& entry : container["env"])
      if (entry.contains("value"))
        variables.push_back(entry["name"].get<std::string>() + "=" + entry["value"].get<std::string>());
      else if (entry["name"] == "HEADWIND_NAMESPACE")
        variables.push_back(std::string("HEADWIND_NAMESPACE=") + kHome);
      else if (const auto secret = of_secret(entry.at("valueFrom")))
        variables.push_back(entry["name"].get<std::string>() + "=" + *secret);
    for (const auto& [name, port] : ports_) {
      variables.push_back("HEADWIND_PORTS_" + name + "_ADDRESS=127.0.0.1");
      variables.push_back("HEADWIND_PORTS_" + name + "_PORT=" + std::to_string(port));
    }
    auto started = testbed::Process::start({command, directory_ / "log", directory_, variables});
    if (!started) throw std::runtime_error(started.error().message);
    process_ = std::move(*started);
    const bool ready = eventually([&] { return end_to_end::call("GET", url("METRICS") + "/readyz").status == 200; });
    if (!ready) throw std::runtime_error("headwind does not start: " + log());
  }
  ~Pod() {
    process_.stop(std::chrono::seconds(10));
    std::filesystem::remove_all(directory_);
  }
  std::string log() const { return read(directory_ / "log"); }
  bool is_prepared() const {
    return eventually([&] { return log().find("cluster is prepared") != std::string::npos; }, std::chrono::seconds(20));
  }
  unsigned announce(const std::string& image) const {
    return end_to_end::call("POST", url("WEBHOOKS") + "/webhook/image", Json{{"image", image}}.dump(),
                            {{"Content-Type", "application/json"}})
        .status;
  }

 private:
  static std::filesystem::path build() {
    const char* given = std::getenv("HEADWIND_BUILD");
    return given != nullptr ? given : "build/dev";
  }
  std::string url(const std::string& name) const { return "http://127.0.0.1:" + std::to_string(ports_.at(name)); }
  // What a kubelet would put there, where there is such a key.
  static std::optional<std::string> of_secret(const Json& from) {
    if (!from.contains("secretKeyRef")) return std::nullopt;
    const Json& wanted = from["secretKeyRef"];
    const Json secret =
        get(std::string("/api/v1/namespaces/") + kHome + "/secrets/" + wanted["name"].get<std::string>());
    const std::string encoded = secret.value("/data"_json_pointer / wanted["key"].get<std::string>(), "");
    if (encoded.empty() && !wanted.value("optional", false))
      throw std::runtime_error("the pod would not start without " + wanted.dump());
    if (encoded.empty()) return std::nullopt;
    return run({"sh", "-c", "printf %s \"$0\" | base64 -d", encoded});
  }
  void write_kubeconfig(const std::string& account) const {
    const Json cluster{{"server", plane().url()}, {"certificate-authority", "ca.crt"}};
    std::ofstream(directory_ / "ca.crt") << plane().ca_pem();
    const Json user{{"token", plane().service_account_token(kHome, account)}};
    std::ofstream(directory_ / "kubeconfig")
        << Json{{"apiVersion", "v1"},
                {"kind", "Config"},
                {"current-context", "pod"},
                {"contexts", {{{"name", "pod"}, {"context", {{"cluster", "pod"}, {"user", "pod"}}}}}},
                {"clusters", {{{"name", "pod"}, {"cluster", cluster}}}},
                {"users", {{{"name", "pod"}, {"user", user}}}}};
  }

  std::filesystem::path directory_;
  std::map<std::string, std::uint16_t> ports_{
      {"WEBHOOKS", testbed::free_port()}, {"API", testbed::free_port()}, {"METRICS", testbed::free_port()}};
  testbed::Process process_;
};

class Install : public ::testing::Test {
 protected:
  void SetUp() override {
    HEADWIND_NEEDS_CONTROL_PLANE();
    HEADWIND_NEEDS_HELM();
  }
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
