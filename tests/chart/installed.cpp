// SPDX-License-Identifier: Apache-2.0
#include "installed.hpp"

#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "call.hpp"

namespace headwind::chart {

using end_to_end::eventually;

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

std::filesystem::path build() {
  const char* given = std::getenv("HEADWIND_BUILD");
  return given != nullptr ? given : "build/dev";
}

namespace {

// What a kubelet would put there, where there is such a key.
std::optional<std::string> of_secret(const Json& from) {
  if (!from.contains("secretKeyRef")) return std::nullopt;
  const Json& wanted = from["secretKeyRef"];
  const Json secret = get(std::string("/api/v1/namespaces/") + kHome + "/secrets/" + wanted["name"].get<std::string>());
  const std::string encoded =
      secret.is_null() ? "" : secret.value("/data"_json_pointer / wanted["key"].get<std::string>(), "");
  if (encoded.empty() && !wanted.value("optional", false))
    throw std::runtime_error("the pod would not start without " + wanted.dump());
  if (encoded.empty()) return std::nullopt;
  return run({"sh", "-c", "printf %s \"$0\" | base64 -d", encoded});
}

}  // namespace

Pod::Pod() : directory_(testbed::make_temporary_directory("pod")) {
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

Pod::~Pod() {
  process_.stop(std::chrono::seconds(10));
  std::filesystem::remove_all(directory_);
}

std::string Pod::log() const { return read(directory_ / "log"); }

bool Pod::is_prepared() const {
  return eventually([&] { return log().find("cluster is prepared") != std::string::npos; }, std::chrono::seconds(20));
}

unsigned Pod::announce(const std::string& image) const {
  return end_to_end::call("POST", url("WEBHOOKS") + "/webhook/image", Json{{"image", image}}.dump(),
                          {{"Content-Type", "application/json"}})
      .status;
}

void Pod::write_kubeconfig(const std::string& account) const {
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

}  // namespace headwind::chart
