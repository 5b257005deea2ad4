// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "app/approval_policy.hpp"
#include "app/crashes.hpp"
#include "app/engine_options.hpp"
#include "app/events.hpp"
#include "app/inbox_store.hpp"
#include "app/instances.hpp"
#include "app/kinds.hpp"
#include "app/missing_plugins.hpp"
#include "app/notifiers.hpp"
#include "app/ourselves.hpp"
#include "app/parts.hpp"
#include "app/policies.hpp"
#include "app/polling.hpp"
#include "app/pull_secrets.hpp"
#include "app/registries.hpp"
#include "app/requests.hpp"
#include "app/rollouts.hpp"
#include "app/steps.hpp"
#include "app/workloads.hpp"
#include "kube/events.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

Task<Result<>> make_kinds(Parts& parts) {
  Result<std::vector<WorkloadKind>> described = co_await describe_kinds(*parts.host);
  if (!described) co_return described.error();
  parts.kinds = std::make_shared<std::vector<WorkloadKind>>(std::move(*described));
  for (WorkloadKind& kind : *parts.kinds) {
    kind.keeps_labels = Routes(parts.options.config.notification_routes).ask_for_labels();
    kind.watch_namespace = parts.options.config.watch_namespace;
    kind.not_read = [&parts](const WorkloadKind& of, const std::string& name_space, const std::string& name,
                             const std::string& uid, const std::string& sentence) {
      parts.events->record({of.api_version.str(), of.kind.str(), name_space, name, uid}, true, "WorkloadNotRead",
                           sentence);
    };
    kind.aside = parts.aside;
    if (kind.related_objects) kind.related_objects->open(parts.options.config.chart_source_namespaces);
  }
  co_return Result<>{};
}

void make_registries(Parts& parts) {
  parts.pull_secrets = std::make_unique<PullSecrets>(parts.client, system_clock());
  parts.registries = std::make_unique<PluginRegistries>(
      parts.host->registries(),
      [&parts](std::string_view repository) { return config::registry_plugin_for(parts.options.config, repository); },
      *parts.pull_secrets, parts.metrics, system_clock());
  if (parts.options.config.polling || parts.options.config.chart_discovery ||
      parts.options.config.sweep != config::SweepMode::off) {
    PollingOptions polling_options;
    polling_options.interval = parts.options.config.polling_interval;
    polling_options.shrink_share = parts.options.config.polling_shrink_percent / 100.0;
    parts.polling = std::make_unique<RegistryPolling>(parts.executor, *parts.registries, parts.metrics, parts.compat,
                                                      system_clock(), polling_options);
  }
}

// What reads and writes the cluster.
void make_cluster_adapters(Parts& parts) {
  parts.rollouts = std::make_unique<ClusterRollouts>(parts.executor, parts.client, parts.kinds);
  parts.workloads = std::make_unique<ClusterWorkloads>(parts.client, parts.kinds, *parts.rollouts);
  parts.requests = std::make_unique<ClusterRequests>(parts.client);
  parts.approval_policy = std::make_unique<ClusterApprovalPolicy>(parts.client);
  parts.events = std::make_unique<kube::EventWriter>(parts.executor, parts.client, parts.metrics);
  parts.recorder = std::make_unique<ClusterEvents>(*parts.events);
}

Task<std::unique_ptr<update::InboxStore>> choose_inbox(Parts& parts) {
  std::unique_ptr<update::InboxStore> store =
      std::make_unique<ConfigMapInbox>(parts.client, parts.options.config.name_space);
  if (parts.options.access.in_cluster) co_return store;
  const Result<std::string> found = co_await parts.client->get("/api/v1/namespaces/" + parts.options.config.name_space);
  if (!found && found.error().code == Code::not_found) {
    telemetry::warn("app", "what webhooks announce is kept in memory only: the namespace does not exist",
                    {{"namespace", parts.options.config.name_space}});
    store = std::make_unique<MemoryInbox>();
    parts.durable = false;
  }
  co_return store;
}

}  // namespace

Task<Result<>> make_engine(Parts& parts) {
  const Result<> described = co_await make_kinds(parts);
  if (!described) co_return described;
  parts.notifiers = std::make_unique<PluginNotifiers>(parts.executor, system_clock(),
                                                      Links{parts.options.config.api_url, parts.options.config.ui_url},
                                                      parts.metrics, parts.compat, parts.inventory);
  connect_notifiers(*parts.host, parts.options.config, *parts.notifiers);
  parts.policies = std::make_unique<PluginPolicies>(parts.host->policies());
  make_registries(parts);
  make_cluster_adapters(parts);
  report_crashes(parts.journal.get(), parts.options.config, *parts.host, *parts.events,
                 ourselves(parts.options.config, parts.options.environment));
  report_missing_plugins(*parts.host, parts.refusals, *parts.events,
                         ourselves(parts.options.config, parts.options.environment));
  parts.inbox = co_await choose_inbox(parts);
  for (const WorkloadKind& kind : *parts.kinds) parts.inventory.expect(kind.kind);
  parts.engine = std::make_unique<update::Engine>(
      parts.executor, parts.inventory,
      update::Ports{*parts.policies, *parts.registries, *parts.workloads, *parts.requests, *parts.inbox,
                    *parts.notifiers, *parts.recorder, parts.polling.get(), parts.rollouts.get(),
                    parts.approval_policy.get()},
      parts.metrics, parts.compat, system_clock(), engine_options(parts.options.config, parts.options.confirm_window));
  if (parts.polling) parts.polling->connect(*parts.engine);
  parts.rollouts->connect(
      [&parts](const auto& workload, const auto& seen) { parts.engine->rollout_seen(workload, seen); });
  co_return Result<>{};
}

Task<> tell_the_rest(Parts& parts) {
  co_await parts.notifiers->drain(grace);
  co_await parts.events->flush(grace);
}

Task<Result<>> read_inbox(Parts& parts) { return parts.engine->start(); }

Task<> drain_engine(Parts& parts) {
  if (parts.polling) parts.polling->close();
  return parts.engine->drain();
}

}  // namespace headwind::app
