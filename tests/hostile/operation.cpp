// SPDX-License-Identifier: Apache-2.0
#include "operation.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace headwind::hostile {
namespace {

std::filesystem::path build() {
  const char* given = std::getenv("HEADWIND_BUILD");
  return given != nullptr ? given : "build/dev";
}

std::string local(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

Json deployment(const std::string& image) {
  const Json labels{{"app", "web"}};
  return {{"apiVersion", "apps/v1"},
          {"kind", "Deployment"},
          {"metadata",
           {{"namespace", "shop"},
            {"name", "web"},
            {"annotations",
             {{"headwind.sh/policy", "minor"},
              {"headwind.sh/min-update-interval", "0"},
              {"headwind.sh/require-approval", "false"}}}}},
          {"spec",
           {{"selector", {{"matchLabels", labels}}},
            {"template",
             {{"metadata", {{"labels", labels}}},
              {"spec", {{"containers", Json::array({{{"name", "web"}, {"image", image}}})}}}}}}}};
}

template <class Act>
Task<> perform(Act& act) {
  act();
  co_return;
}

}  // namespace

template <class Act>
void Operation::on_loop(Act act) {
  loop_.run(perform(act));
}

Operation::Operation(const std::string& module, Json instance)
    : directory_(testbed::make_temporary_directory("hostile")),
      webhooks_(testbed::free_port()),
      api_(testbed::free_port()),
      metrics_(testbed::free_port()) {
  on_loop([&] {
    cluster_ = fake::ApiServer::start(loop_.executor()).value();
    registry_ = fake::Registry::start(loop_.executor()).value();
    cluster_->put(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"headwind-system"}})");
    registry_->push("acme/web", "1.0.0");
    cluster_->put(deployment(registry_->host() + "/acme/web:1.0.0").dump());
  });
  write_config(module, std::move(instance));
}

Operation::~Operation() {
  kill();
  on_loop([&] {
    cluster_->drop_watches();
    cluster_.reset();
    registry_.reset();
  });
  loop_.stop();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void Operation::write_config(const std::string& module, Json instance) {
  std::filesystem::create_directory(directory_ / "journal");
  std::ofstream(directory_ / "receiver") << receiver_.url();
  const Json kubeconfig{{"apiVersion", "v1"},
                        {"kind", "Config"},
                        {"current-context", "fake"},
                        {"contexts", {{{"name", "fake"}, {"context", {{"cluster", "fake"}, {"user", "us"}}}}}},
                        {"clusters", {{{"name", "fake"}, {"cluster", {{"server", cluster_->url()}}}}}},
                        {"users", {{{"name", "us"}, {"user", Json::object()}}}}};
  std::ofstream(directory_ / "kubeconfig") << kubeconfig.dump(1);
  const auto port = [](std::uint16_t number) { return Json{{"address", "127.0.0.1"}, {"port", number}}; };
  const Json good{{"name", "good"},
                  {"plugin", "headwind.notifier.webhook"},
                  {"secrets", {{"url", {{"file", (directory_ / "receiver").string()}}}}}};
  Json instances = Json::array({good});
  if (instance.is_array())
    instances.insert(instances.end(), instance.begin(), instance.end());
  else if (!instance.is_null())
    instances.push_back(std::move(instance));
  const std::string file = (build() / "tests/hostile/crash" / module).string();
  const Json config{{"kubernetes", {{"kubeconfig", (directory_ / "kubeconfig").string()}}},
                    {"ports", {{"webhooks", port(webhooks_)}, {"api", port(api_)}, {"metrics", port(metrics_)}}},
                    {"auth", {{"mode", "none"}}},
                    {"registries", {{registry_->host(), {{"endpoint", registry_->url()}}}}},
                    {"plugins",
                     {{"directories", {(build() / "plugins").string(), file}},
                      {"journalDirectory", (directory_ / "journal").string()},
                      {"instances", std::move(instances)}}}};
  std::ofstream(directory_ / "headwind.yaml") << config.dump(1);  // JSON is YAML
}

void Operation::start() {
  kill();
  std::ifstream before(directory_ / "log", std::ios::binary | std::ios::ate);
  log_start_ = before ? static_cast<std::size_t>(before.tellg()) : 0;
  auto started = testbed::Process::start(
      {{(build() / "host/headwind").string(), "run", "--config", (directory_ / "headwind.yaml").string()},
       directory_ / "log",
       directory_,
       environment});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = std::move(*started);
  siginfo_t info{};
  eventually([&] {
    waitid(P_PID, static_cast<id_t>(process_.pid()), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid != 0 || serving();
  });
}

bool Operation::serving() { return log().find("\"message\":\"serving\"") != std::string::npos && !readiness().empty(); }

void Operation::push(const std::string& tag) {
  std::string body;
  on_loop([&] {
    const std::string digest = registry_->push("acme/web", tag);
    body = fake::notification_body("acme/web", tag, digest, registry_->host());
  });
  end_to_end::call("POST", local(webhooks_) + "/webhook/registry", body,
                   {{"Content-Type", std::string(fake::kNotificationType)}});
}

int Operation::death() {
  int status = 0;
  const bool gone = eventually([&] { return waitpid(process_.pid(), &status, WNOHANG) == process_.pid(); });
  return gone ? status : -1;
}

void Operation::kill() { process_.stop(std::chrono::milliseconds(0)); }

std::string Operation::log() const {
  std::ifstream file(directory_ / "log", std::ios::binary);
  file.seekg(static_cast<std::streamoff>(log_start_));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string Operation::metrics() const { return end_to_end::call("GET", local(metrics_) + "/metrics").body; }

std::string Operation::readiness() const {
  const end_to_end::Reply reply = end_to_end::call("GET", local(metrics_) + "/readyz");
  return reply.status == 200 ? reply.body : std::string();
}

bool Operation::was_told(const std::string& tag) const {
  for (const Json& event : receiver_.about("shop"))
    if (event.dump().find(tag) != std::string::npos) return true;
  return false;
}

Json Operation::plugins() const {
  return Json::parse(end_to_end::call("GET", local(api_) + "/api/v1/plugins").body, nullptr, false);
}

std::string Operation::image() {
  std::string object;
  on_loop([&] { object = cluster_->get("deployments", "shop", "web"); });
  return Json::parse(object).value("/spec/template/spec/containers/0/image"_json_pointer, "");
}

std::vector<std::string> Operation::events(const std::string& reason) {
  std::vector<std::string> all, out;
  on_loop([&] { all = cluster_->list("events"); });
  for (const std::string& text : all) {
    const Json event = Json::parse(text);
    if (event.value("reason", "") != reason) continue;
    out.push_back(event.value("/involvedObject/kind"_json_pointer, "") + "/" +
                  event.value("/involvedObject/name"_json_pointer, "") + ": " + event.value("message", ""));
  }
  return out;
}

}  // namespace headwind::hostile
