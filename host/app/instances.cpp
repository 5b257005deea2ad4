// SPDX-License-Identifier: Apache-2.0
#include "app/instances.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

bool is_notifier(std::string_view plugin) { return plugin.find(".notifier.") != std::string_view::npos; }

Result<plugin::InstanceConfig> instance_from(const config::Plugin& wanted, const TextMap& environment) {
  plugin::InstanceConfig instance;
  instance.name = wanted.name;
  instance.plugin = wanted.plugin;
  instance.settings = wanted.settings.empty() ? "{}" : wanted.settings;
  instance.deadlines = wanted.deadlines;
  for (const auto& [name, reference] : wanted.secrets) {
    const Result<std::string> value = config::read_secret(reference, environment);
    if (!value) return in_context(value.error(), "plugin instance " + wanted.name + ", secret " + name);
    instance.secrets[name] = *value;
  }
  return instance;
}

std::string authority_of(const config::RegistryHost& host) {
  const auto scheme = host.endpoint.find("://");
  if (scheme == std::string::npos) return host.host;
  const std::string rest = host.endpoint.substr(scheme + 3);
  return rest.substr(0, rest.find('/'));
}

}  // namespace

Task<Result<>> create_instances(plugin::Host& host, const config::Config& config, const TextMap& environment) {
  const std::vector<config::Plugin> bundle = config::default_plugins(config);
  const std::vector<config::Plugin> wanted = config::plugin_instances(config);
  for (const config::Plugin& plugin : wanted) {
    const bool needed = !is_notifier(plugin.plugin) &&
                        std::any_of(bundle.begin(), bundle.end(), [&](const auto& p) { return p.name == plugin.name; });
    Result<plugin::InstanceConfig> instance = instance_from(plugin, environment);
    Result<> created = instance ? co_await host.create(*instance) : Result<>(instance.error());
    if (created) continue;
    if (needed) co_return created.error();
    telemetry::error("app", "plugin instance refused; the rest starts",
                     {{"instance", plugin.name}, {"plugin", plugin.plugin}, {"error", created.error().message}});
  }
  co_return Result<>{};
}

void connect_notifiers(const plugin::Host& host, const config::Config& config, PluginNotifiers& notifiers) {
  const std::vector<config::Plugin> wanted = config::plugin_instances(config);
  for (const plugin::Notifier& notifier : host.notifiers()) {
    const auto found = std::find_if(wanted.begin(), wanted.end(),
                                    [&](const config::Plugin& plugin) { return plugin.name == notifier.name(); });
    notifiers.add(notifier, found == wanted.end() ? std::string_view{} : std::string_view(found->plugin));
  }
}

Result<std::map<std::string, plugin::Peer>> registry_peers(const config::Config& config) {
  std::map<std::string, plugin::Peer> peers;
  for (const config::RegistryHost& host : config.registries) {
    if (host.ca_file.empty() && !host.insecure) continue;
    auto tls = std::make_shared<net::TlsSettings>();
    tls->insecure = host.insecure;
    if (!host.ca_file.empty()) {
      std::ifstream file(host.ca_file, std::ios::binary);
      if (!file)
        return make_error(Code::invalid,
                          "registries: the caFile " + host.ca_file + " of " + host.host + " cannot be read");
      std::ostringstream pem;
      pem << file.rdbuf();
      tls->ca_pem = pem.str();
    }
    peers[authority_of(host)].tls = std::move(tls);
  }
  return peers;
}

}  // namespace headwind::app
