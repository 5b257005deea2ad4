// SPDX-License-Identifier: Apache-2.0
#include "bench/cluster.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/clock.hpp"
#include "core/hash.hpp"
#include "update/patch.hpp"
#include "update/settings.hpp"

namespace headwind::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPage = 500;

std::string digest_of(const std::string& image) { return "sha256:" + sha256_hex(image); }

// What the operator itself wrote in ten automatic updates, newest first.
std::string full_history(std::size_t index) {
  std::vector<update::HistoryEntry> entries;
  const std::int64_t newest = system_clock().unix_ms() - 3'600'000;
  for (std::size_t age = 0; age < update::history_limit; ++age) {
    update::HistoryEntry entry;
    entry.container = "web";
    entry.image = "nginx:1.24." + std::to_string(10 - age);
    entry.timestamp = format_rfc3339(newest - static_cast<std::int64_t>(age * 86'400'000 + index));
    entry.digest = digest_of(entry.image);
    entries.push_back(std::move(entry));
  }
  return update::write_history(entries);
}

Json environment(std::size_t index) {
  Json list = Json::array();
  for (const char* name : {"DATABASE_URL", "CACHE_URL", "QUEUE_URL", "LOG_LEVEL", "FEATURES", "REGION"})
    list.push_back({{"name", name}, {"value", "value-of-" + std::string(name) + "-" + std::to_string(index)}});
  list.push_back({{"name", "POD_NAME"}, {"valueFrom", {{"fieldRef", {{"fieldPath", "metadata.name"}}}}}});
  list.push_back(
      {{"name", "PASSWORD"}, {"valueFrom", {{"secretKeyRef", {{"name", "database"}, {"key", "password"}}}}}});
  return list;
}

// What a chart usually makes of a Deployment.
std::string filled_out(std::size_t index, const std::string& text, History history) {
  Json object = Json::parse(text);
  const std::string name = object["metadata"]["name"];
  const Json labels{{"app", name},
                    {"app.kubernetes.io/name", "web"},
                    {"app.kubernetes.io/instance", name},
                    {"app.kubernetes.io/managed-by", "Helm"},
                    {"helm.sh/chart", "web-3.14.1"}};
  object["metadata"]["labels"] = labels;
  object["metadata"]["annotations"]["meta.helm.sh/release-name"] = name;
  object["metadata"]["annotations"]["meta.helm.sh/release-namespace"] = kNamespace;
  object["spec"]["template"]["metadata"]["labels"] = labels;
  if (history == History::full) {
    object["metadata"]["annotations"][update::annotation::history] = full_history(index);
    object["metadata"]["annotations"][update::annotation::last_update] =
        format_rfc3339(system_clock().unix_ms() - 3'600'000);
  }
  object["spec"]["template"]["spec"]["nodeName"] = "node-0";  // there is no scheduler
  const Json probe{{"httpGet", {{"path", "/healthz"}, {"port", "http"}}}, {"periodSeconds", 10}, {"timeoutSeconds", 2}};
  Json& container = object["spec"]["template"]["spec"]["containers"][0];
  container["ports"] = Json::array({Json{{"name", "http"}, {"containerPort", 8080}, {"protocol", "TCP"}}});
  container["env"] = environment(index);
  container["resources"] = {{"requests", {{"cpu", "100m"}, {"memory", "128Mi"}}}, {"limits", {{"memory", "256Mi"}}}};
  container["livenessProbe"] = probe;
  container["readinessProbe"] = probe;
  container["securityContext"] = {{"readOnlyRootFilesystem", true}, {"allowPrivilegeEscalation", false}};
  container["volumeMounts"] = Json::array(
      {Json{{"name", "config"}, {"mountPath", "/etc/web"}}, Json{{"name", "scratch"}, {"mountPath", "/tmp"}}});
  object["spec"]["template"]["spec"]["volumes"] =
      Json::array({Json{{"name", "config"}, {"configMap", {{"name", name}}}},
                   Json{{"name", "scratch"}, {"emptyDir", Json::object()}}});
  return object.dump();
}

}  // namespace

std::unique_ptr<testbed::ControlPlane> start_cluster(const testbed::Options& options) {
  auto cluster = testbed::ControlPlane::start(options);
  if (!cluster && testbed::available()) cluster = testbed::ControlPlane::start(options);  // a busy machine: once more
  if (!cluster) throw std::runtime_error(cluster.error().message);
  (*cluster)->apply_crd();
  (*cluster)->create_namespace("headwind-system");
  (*cluster)->create_namespace(kNamespace);
  return std::move(*cluster);
}

void create_deployments(testbed::ControlPlane& cluster, const Load& load) {
  testbed::Deployments what;
  what.name_space = kNamespace;
  what.count = load.count;
  what.replicas = load.replicas;
  what.annotations = {{std::string(update::annotation::policy), "patch"},
                      {std::string(update::annotation::require_approval), load.approved ? "true" : "false"},
                      {std::string(update::annotation::min_update_interval), "0"}};
  if (load.polled) what.annotations.emplace_back(update::annotation::event_source, "polling");
  what.adjust = [&](std::size_t index, std::string text) {
    if (!load.image) return filled_out(index, text, load.history);
    Json object = Json::parse(text);
    object["spec"]["template"]["spec"]["containers"][0]["image"] = load.image(index);
    return filled_out(index, object.dump(), load.history);
  };
  cluster.create_deployments(what);
}

void add_histories(testbed::ControlPlane& cluster, std::size_t count) {
  std::vector<testbed::ControlPlane::Call> calls;
  for (std::size_t i = 0; i < count; ++i) {
    const Json annotations{{update::annotation::history, full_history(i)},
                           {update::annotation::last_update, format_rfc3339(system_clock().unix_ms() - 3'600'000)}};
    calls.push_back({"PATCH", std::string(kDeployments) + "/web-" + std::to_string(i),
                     Json{{"metadata", {{"annotations", annotations}}}}.dump()});
  }
  cluster.call_all(std::move(calls));
}

std::vector<std::string> read_deployments(testbed::ControlPlane& cluster) {
  std::vector<std::string> result;
  std::string token;
  do {
    const testbed::Answer answer = cluster.call("GET", std::string(kDeployments) + "?limit=" + std::to_string(kPage) +
                                                           (token.empty() ? "" : "&continue=" + token));
    if (!answer.ok()) throw std::runtime_error("the list of Deployments: " + answer.body);
    const Json page = Json::parse(answer.body);
    for (const Json& item : page.at("items")) result.push_back(item.dump());
    token = page["metadata"].value("continue", "");
  } while (!token.empty());
  return result;
}

std::vector<testbed::ControlPlane::Call> patches_to(const std::vector<std::string>& deployments,
                                                    const std::string& image, const std::string& digest) {
  std::vector<testbed::ControlPlane::Call> calls;
  const std::int64_t now = system_clock().unix_ms();
  for (const std::string& text : deployments) {
    const Json object = Json::parse(text);
    inventory::Workload workload;
    workload.uid = object["metadata"]["uid"];
    workload.set_history(object["metadata"]["annotations"].value(update::annotation::history, ""));
    update::Move move;
    move.slot.slot = Symbol("containers/web");
    move.slot.image = object["spec"]["template"]["spec"]["containers"][0]["image"];
    move.slot.pointer = Symbol("/spec/template/spec/containers/0/image");
    move.slot.guard_pointer = Symbol("/spec/template/spec/containers/0/name");
    move.slot.guard_value = Symbol("web");
    move.new_image = image;
    move.entry.container = "web";
    move.entry.image = image;
    move.entry.timestamp = format_rfc3339(now);
    move.entry.digest = digest;
    calls.push_back(
        {"PATCH",
         std::string(kDeployments) + "/" + object["metadata"]["name"].get<std::string>() + "?fieldManager=headwind",
         update::build_patch(workload, {move}, now, true)});
  }
  return calls;
}

}  // namespace headwind::bench
