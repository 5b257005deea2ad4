// SPDX-License-Identifier: Apache-2.0
// `headwind plugin rbac`: what the configured workload kinds need beyond the ClusterRole of deploy/20-rbac.yaml, as
// YAML for kubectl apply.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/kinds.hpp"
#include "cli/commands.hpp"
#include "cli/plugin_directories.hpp"
#include "cli/registry_job.hpp"
#include "core/text.hpp"
#include "net/client.hpp"
#include "plugin/host.hpp"

namespace headwind::cli {
namespace {

constexpr std::chrono::seconds patience{30};

using Verbs = std::vector<std::string>;
const Verbs workload_verbs{"get", "list", "watch", "patch"}, reading_verbs{"list", "watch"};

struct Right {
  std::string group, resource;
  Verbs verbs;
  std::string why;  // for a comment
};

bool covers(const Right& granted, const Right& right) {
  return granted.group == right.group && granted.resource == right.resource &&
         std::all_of(right.verbs.begin(), right.verbs.end(), [&](const std::string& verb) {
           return std::find(granted.verbs.begin(), granted.verbs.end(), verb) != granted.verbs.end();
         });
}

bool is_covered(const std::vector<Right>& granted, const Right& right) {
  return std::any_of(granted.begin(), granted.end(), [&](const Right& one) { return covers(one, right); });
}

// What deploy/20-rbac.yaml grants; tests/cli compares.
const std::vector<Right>& shipped() {
  static const std::vector<Right> rights{{"apps", "deployments", workload_verbs, {}},
                                         {"apps", "statefulsets", workload_verbs, {}},
                                         {"apps", "daemonsets", workload_verbs, {}},
                                         {"batch", "cronjobs", workload_verbs, {}},
                                         {"helm.toolkit.fluxcd.io", "helmreleases", workload_verbs, {}},
                                         {"source.toolkit.fluxcd.io", "helmrepositories", reading_verbs, {}},
                                         {"source.toolkit.fluxcd.io", "ocirepositories", reading_verbs, {}},
                                         {"apps", "replicasets", reading_verbs, {}},
                                         {"", "pods", reading_verbs, {}}};
  return rights;
}

void add(std::vector<Right>& rights, Right right) {
  if (!is_covered(rights, right) && !is_covered(shipped(), right)) rights.push_back(std::move(right));
}

// Of "apps/v1/replicasets" or "v1/pods".
Right companion_right(const std::string& companion, const std::string& why) {
  const std::vector<std::string_view> parts = split(companion, '/');
  return {std::string(parts.size() == 3 ? parts.front() : ""), std::string(parts.back()), reading_verbs, why};
}

// Of "source.toolkit.fluxcd.io/helmrepositories".
Right related_right(const std::string& related, const std::string& why) {
  const std::vector<std::string_view> parts = split(related, '/');
  return {std::string(parts.size() == 2 ? parts.front() : ""), std::string(parts.back()), reading_verbs, why};
}

std::vector<Right> rights_of(const std::vector<app::WorkloadKind>& kinds) {
  std::vector<Right> rights;
  for (const app::WorkloadKind& kind : kinds) {
    const std::string why = kind.kind.str() + ", for the plugin instance " + kind.reader.name();
    add(rights, {kind.group, kind.plural.str(), workload_verbs, why});
    for (const std::string& related : kind.related)
      add(rights, related_right(related, "What its objects refer to: " + why));
    for (const std::string& companion : kind.companions)
      add(rights, companion_right(companion, "How its rollouts go: " + why));
  }
  return rights;
}

// Double quotes of JSON are those of YAML.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void print(const std::vector<Right>& rights) {
  if (rights.empty()) {
    std::puts("# Nothing to add: deploy/20-rbac.yaml covers every configured workload kind.");
    return;
  }
  std::puts(
      "# What the configured workload kinds need beyond deploy/20-rbac.yaml.\n"
      "apiVersion: rbac.authorization.k8s.io/v1\n"
      "kind: ClusterRole\n"
      "metadata:\n"
      "  name: headwind-workloads\n"
      "  labels:\n"
      "    app.kubernetes.io/name: headwind\n"
      "rules:");
  for (const Right& right : rights) {
    std::string verbs;
    for (const std::string& verb : right.verbs) verbs += (verbs.empty() ? "" : ", ") + verb;
    std::printf("  # %s\n  - apiGroups: [%s]\n    resources: [%s]\n    verbs: [%s]\n",
                printable(right.why, 400).c_str(), quoted(right.group).c_str(), quoted(right.resource).c_str(),
                verbs.c_str());
  }
  std::puts(
      "---\n"
      "apiVersion: rbac.authorization.k8s.io/v1\n"
      "kind: ClusterRoleBinding\n"
      "metadata:\n"
      "  name: headwind-workloads\n"
      "  labels:\n"
      "    app.kubernetes.io/name: headwind\n"
      "roleRef:\n"
      "  apiGroup: rbac.authorization.k8s.io\n"
      "  kind: ClusterRole\n"
      "  name: headwind-workloads\n"
      "subjects:\n"
      "  - kind: ServiceAccount\n"
      "    name: headwind\n"
      "    namespace: headwind-system");
}

bool is_workload(const std::vector<plugin::PluginInfo>& plugins, const std::string& id) {
  const auto found = std::find_if(plugins.begin(), plugins.end(),
                                  [&](const auto& info) { return info.id == id && info.state == "loaded"; });
  // One that is not there is let through: its creation fails with the reason.
  if (found == plugins.end()) return id.find(".workload.") != std::string::npos || !id.starts_with("headwind.");
  return found->kind == "workload";
}

// Only the workload kinds are made: the others would need their secrets.
Task<Result<>> create_workloads(plugin::Host& host, const config::Config& config) {
  const std::vector<plugin::PluginInfo> plugins = host.plugins();
  const std::vector<config::Plugin> wanted = config::plugin_instances(config);
  for (const config::Plugin& one : wanted) {
    if (!is_workload(plugins, one.plugin)) continue;
    plugin::InstanceConfig instance;
    instance.name = one.name;
    instance.plugin = one.plugin;
    instance.settings = one.settings.empty() ? "{}" : one.settings;
    Result<> made = co_await host.create(std::move(instance));
    if (!made) co_return made.error();
  }
  co_return Result<>{};
}

// The host stays as it is when the process ends.
Task<int> tell_rights(std::unique_ptr<plugin::Host>& host, const config::Config& config, Executor executor) {
  static telemetry::Metrics metrics;  // nobody reads them
  plugin::HostOptions options;
  options.directories = plugin_directories(config);
  options.executable = this_executable();
  options.version = std::string("headwind/") + HEADWIND_VERSION;
  host = std::make_unique<plugin::Host>(executor, std::make_shared<net::Client>(executor, net::ClientOptions{}),
                                        metrics, std::move(options));
  host->load();
  const Result<> made = co_await create_workloads(*host, config);
  if (!made) co_return complain("plugin instance " + made.error().message, failed);
  const Result<std::vector<app::WorkloadKind>> kinds = co_await app::describe_kinds(*host);
  if (!kinds) co_return complain(kinds.error().message, failed);
  print(rights_of(*kinds));
  co_return done;
}

}  // namespace

int plugin_rbac_command(const std::string& config_file) {
  const Result<config::Config> config = config::load(config_file, config::process_environment());
  if (!config) return complain(config.error().message, failed);
  std::unique_ptr<plugin::Host> host;
  run_and_leave(
      [&](Executor executor) { return tell_rights(host, *config, std::move(executor)); }, patience,
      [] { return complain("a plugin did not say within 30 s what it serves: see headwind plugin list", failed); });
}

}  // namespace headwind::cli
