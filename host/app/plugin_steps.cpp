// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "app/crashes.hpp"
#include "app/instances.hpp"
#include "app/missing_plugins.hpp"
#include "app/ourselves.hpp"
#include "app/parts.hpp"
#include "app/registries.hpp"
#include "app/steps.hpp"
#include "net/client.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

Task<> search(Task<std::size_t> files, std::shared_ptr<bool> ended) {
  co_await std::move(files);
  *ended = true;
}

}  // namespace

// The files are looked at on a thread of their own while the cluster answers.
Task<Result<>> find_plugins(Parts& parts) {
  const Result<net::Proxies> proxies = net::Proxies::of_environment(parts.options.environment);
  if (!proxies) co_return proxies.error();
  Result<std::map<std::string, plugin::Peer>> peers = registry_peers(parts.options.config);
  if (!peers) co_return peers.error();
  net::ClientOptions outside;
  outside.user_agent = parts.options.version;
  outside.proxies = *proxies;
  parts.plugin_http = std::make_shared<net::Client>(parts.executor, outside);
  if (const std::string ways = proxies->summary(); !ways.empty())
    telemetry::info("app", "plugins use a proxy", {{"proxies", ways}});
  plugin::HostOptions host_options;
  host_options.executable = parts.options.executable;
  host_options.version = parts.options.version;
  host_options.blocking_per_instance = 128;  // some for each of twenty registry hosts that hang
  host_options.on_answer = [&parts](const plugin::RegistryRequest& asked, const Result<net::Response>& answer) {
    if (parts.registries) parts.registries->answered(asked, answer);
  };
  host_options.journal = parts.journal = open_journal(parts.options.config);
  parts.host =
      std::make_unique<plugin::Host>(parts.executor, parts.plugin_http, parts.metrics, std::move(host_options));
  parts.host->use_peers(std::move(*peers));
  parts.host->on_outage([&parts](const plugin::InstanceInfo& instance) {
    if (!parts.events) return;
    report_outage(*parts.host, instance, *parts.events, ourselves(parts.options.config, parts.options.environment));
  });
  spawn(parts.executor, "the search for plugins",
        search(parts.host->load_new(parts.options.plugin_directories), parts.searched));
  co_return Result<>{};
}

Task<> leave_plugin_files(Parts& parts) {
  while (!*parts.searched)
    co_await sleep_for(std::chrono::milliseconds(1));  // no process ends while a module is opened
  parts.plugin_http->shut_down();
}

Task<Result<>> load_plugins(Parts& parts) {
  while (!*parts.searched) co_await sleep_for(std::chrono::milliseconds(1));
  for (const plugin::PluginInfo& info : parts.host->plugins())
    if (info.state != "loaded")
      telemetry::error("plugin", "plugin refused", {{"file", info.file}, {"reason", info.reason}});
  co_return co_await create_instances(*parts.host, parts.options.config, parts.options.environment, parts.refusals);
}

Task<> unload_plugins(Parts& parts) { return parts.host->shut_down(grace); }

}  // namespace headwind::app
