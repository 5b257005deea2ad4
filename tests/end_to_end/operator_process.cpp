// SPDX-License-Identifier: Apache-2.0
#include "operator_process.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "cluster.hpp"
#include "core/text.hpp"

namespace headwind::end_to_end {
namespace {

struct Ports {
  std::uint16_t webhooks = testbed::free_port(), api = testbed::free_port(), metrics = testbed::free_port();
};
const Ports& ports() {
  static const Ports chosen;
  return chosen;
}

std::string local(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

std::filesystem::path build_directory() {
  const char* given = std::getenv("HEADWIND_BUILD");
  return given != nullptr ? given : "build/dev";
}

Json port(std::uint16_t number) { return {{"address", "127.0.0.1"}, {"port", number}}; }

}  // namespace

OperatorProcess::OperatorProcess(OperatorSettings settings)
    : settings_(std::move(settings)), directory_(testbed::make_temporary_directory("operator")) {
  write_files();
}

OperatorProcess::~OperatorProcess() {
  kill();
  std::error_code ignored;
  if (std::getenv("HEADWIND_TESTBED_KEEP") == nullptr) std::filesystem::remove_all(directory_, ignored);
}

std::string OperatorProcess::api_url() { return local(ports().api); }
std::string OperatorProcess::webhook_url() { return local(ports().webhooks) + "/webhook/registry"; }

Reply OperatorProcess::webhook(const std::string& sender, const Json& body) {
  return call("POST", local(ports().webhooks) + "/webhook/" + sender, body.dump());
}

void OperatorProcess::write_files() {
  Json cluster{{"server", settings_.server.empty() ? plane().url() : settings_.server}};
  std::ofstream(directory_ / "ca.crt") << plane().ca_pem();
  if (settings_.server.empty()) cluster["certificate-authority"] = "ca.crt";
  const Json context{{"cluster", "testbed"}, {"user", "headwind"}};
  const Json kubeconfig{
      {"apiVersion", "v1"},
      {"kind", "Config"},
      {"current-context", "testbed"},
      {"contexts", {{{"name", "testbed"}, {"context", context}}}},
      {"clusters", {{{"name", "testbed"}, {"cluster", cluster}}}},
      {"users", {{{"name", "headwind"}, {"user", {{"token", plane().service_account_token(home, "headwind")}}}}}}};
  std::ofstream(directory_ / "kubeconfig") << kubeconfig.dump(1);

  Json plugins{{"directories", {(build_directory() / "plugins").string()}}, {"instances", settings_.instances}};
  if (!settings_.notified.empty()) {
    std::ofstream(directory_ / "receiver") << settings_.notified;
    plugins["instances"].push_back({{"name", "receiver"},
                                    {"plugin", "headwind.notifier.webhook"},
                                    {"secrets", {{"url", {{"file", (directory_ / "receiver").string()}}}}}});
  }
  const Json config{
      {"kubernetes", {{"kubeconfig", (directory_ / "kubeconfig").string()}, {"namespace", home}}},
      {"ports", {{"webhooks", port(ports().webhooks)}, {"api", port(ports().api)}, {"metrics", port(ports().metrics)}}},
      {"auth", {{"mode", settings_.auth}}},
      {"registries", registries()},
      {"plugins", plugins},
      {"rollouts", settings_.rollouts},
      {"polling", {{"enabled", settings_.polling}, {"interval", 10}}},
      {"log", {{"level", settings_.log}, {"format", "json"}}}};
  std::ofstream(directory_ / "headwind.yaml") << config.dump(1);  // JSON is YAML
}

Json OperatorProcess::registries() const {
  std::vector<RegistryAccess> all = settings_.registries;
  if (!settings_.registry.empty()) all.push_back({settings_.registry});
  Json result = Json::object();
  for (const RegistryAccess& one : all) {
    Json& entry = result[one.host] = {{"endpoint", one.endpoint.empty() ? "http://" + one.host : one.endpoint}};
    if (one.username.empty()) continue;
    const auto file = directory_ / ("password-" + std::to_string(result.size()));
    std::ofstream(file) << one.password;
    entry["username"] = one.username;
    entry["password"] = {{"file", file.string()}};
  }
  return result;
}

void OperatorProcess::start() {
  kill();
  // No test asks the machine itself who it is at Amazon, not even for what an earlier test has left behind.
  std::vector<std::string> environment = settings_.environment;
  environment.emplace_back("AWS_EC2_METADATA_DISABLED=true");
  const std::size_t before = log().size();
  auto started = testbed::Process::start(
      {{(build_directory() / "host" / "headwind").string(), "run", "--config", (directory_ / "headwind.yaml").string()},
       directory_ / "log",
       directory_,
       environment});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = std::move(*started);
  const bool ready = eventually([&] {
    if (!process_.running()) return true;
    return log().find("\"message\":\"serving\"", before) != std::string::npos &&
           call("GET", local(ports().metrics) + "/readyz").status == 200;
  });
  if (!ready || !process_.running()) throw std::runtime_error("headwind does not start: " + log().substr(before));
}

void OperatorProcess::kill() { process_.stop(std::chrono::milliseconds(0)); }

int OperatorProcess::stop() {
  process_.send(SIGTERM);
  int status = 0;
  const bool gone = eventually([&] { return ::waitpid(process_.pid(), &status, WNOHANG) == process_.pid(); },
                               std::chrono::seconds(15));
  kill();
  return gone && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Reply OperatorProcess::api(const std::string& method, const std::string& path, const Json& body) {
  return api_as(settings_.token, method, path, body);
}

Reply OperatorProcess::api_as(const std::string& token, const std::string& method, const std::string& path,
                              const Json& body) {
  net::Headers headers;
  if (!token.empty()) headers.push_back({"Authorization", "Bearer " + token});
  return call(method, local(ports().api) + path, body.is_null() ? "" : body.dump(), headers);
}

Reply OperatorProcess::announce(const std::string& image_repository, const std::string& tag) {
  const Json event{{"action", "push"},
                   {"target",
                    {{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                     {"digest", ""},
                     {"repository", image_repository},
                     {"tag", tag}}}};
  return webhook("registry", {{"events", {event}}});
}

std::string OperatorProcess::metrics() { return call("GET", local(ports().metrics) + "/metrics").body; }

double OperatorProcess::metric(const std::string& series) {
  const std::string all = metrics();
  for (const std::string_view line : split(all, '\n'))
    if (line.starts_with(series) && line.substr(series.size()).starts_with(' '))
      return std::strtod(std::string(line.substr(series.size() + 1)).c_str(), nullptr);
  return 0;
}

std::string OperatorProcess::metrics_host() { return "127.0.0.1:" + std::to_string(ports().metrics); }

bool OperatorProcess::knows(const std::string& kind, const std::string& name_space, const std::string& name) {
  return api("GET", "/api/v1/rollback/" + name_space + "/" + name + "?kind=" + kind).status == 200;
}

Reply OperatorProcess::ready() { return call("GET", local(ports().metrics) + "/readyz"); }

std::filesystem::path OperatorProcess::build() { return build_directory(); }

std::string OperatorProcess::read(const std::string& file) const {
  std::ifstream in(directory_ / file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void OperatorProcess::write(const std::string& file, const std::string& text) const {
  std::ofstream(directory_ / "written", std::ios::binary) << text;
  std::filesystem::rename(directory_ / "written", directory_ / file);
}

void OperatorProcess::reconfigure(const std::function<void(Json& config)>& change) const {
  Json config = Json::parse(read("headwind.yaml"));
  change(config);
  write("headwind.yaml", config.dump(1));
}

std::string OperatorProcess::log() const { return read("log"); }

}  // namespace headwind::end_to_end
