// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "config/config.hpp"

namespace headwind::config {
namespace {

using Json = nlohmann::json;

// Instances that are there though nobody wrote them down, and their plugins.
constexpr auto bundle = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"oci", "headwind.registry.oci"},
    {"dockerhub", "headwind.registry.dockerhub"},
    {"harbor", "headwind.registry.harbor"},
    {"ecr", "headwind.registry.ecr"},
    {"helm", "headwind.registry.helm"},
    {"deployment", "headwind.workload.deployment"},
    {"statefulset", "headwind.workload.statefulset"},
    {"daemonset", "headwind.workload.daemonset"},
    {"cronjob", "headwind.workload.cronjob"},
    {"helmrelease", "headwind.workload.helmrelease"},
    {"semver", "headwind.policy.semver"},
});

Plugin bundled(std::string_view name, std::string_view id) {
  Plugin plugin;
  plugin.name = name;
  plugin.plugin = id;
  plugin.settings = "{}";
  return plugin;
}

// Where hosts are really served, and who we are there. TLS details are the HTTP client's, not the plugin's. What the
// instance's own settings say of hosts or aliases stays.
void give_registries(Plugin& plugin, const Config& config) {
  Json settings = Json::parse(plugin.settings, nullptr, false);
  if (!settings.is_object()) return;
  const bool own_hosts = settings.contains("hosts"), own_aliases = settings.contains("aliases");
  for (const RegistryHost& registry : config.registries) {
    if (own_hosts) break;
    Json host = Json::object();
    if (!registry.endpoint.empty()) host["endpoint"] = registry.endpoint;
    if (!registry.mirrors.empty()) host["mirrors"] = registry.mirrors;
    if (!registry.token_hosts.empty()) host["token_hosts"] = registry.token_hosts;
    if (!registry.identity.empty()) host["identity"] = registry.identity;
    if (!registry.username.empty()) {
      const std::string grant = "password:" + registry.host;
      host["username"] = registry.username;
      host["password_secret"] = grant;
      plugin.secrets[grant] = registry.password;
    }
    if (!host.empty()) settings["hosts"][registry.host] = std::move(host);
  }
  if (!own_aliases)
    for (const auto& [from, to] : config.registry_aliases) settings["aliases"][from] = to;
  plugin.settings = settings.dump();
}

Plugin notifier(const char* name, const char* id, const SimpleNotifier& from, const Json& settings) {
  Plugin plugin = bundled(name, id);
  plugin.settings = settings.dump(-1, ' ', false, Json::error_handler_t::replace);
  plugin.secrets["url"] = from.url;
  if (!from.secret.empty()) plugin.secrets["secret"] = from.secret;
  return plugin;
}

}  // namespace

bool is_bundled_instance(std::string_view name) {
  return std::ranges::any_of(bundle, [&](const auto& one) { return one.first == name; });
}

std::vector<Plugin> default_plugins(const Config& config) {
  std::vector<Plugin> plugins;
  for (const auto& [name, plugin] : bundle) {
    plugins.push_back(bundled(name, plugin));
    if (plugin.starts_with("headwind.registry.")) give_registries(plugins.back(), config);
  }
  return plugins;
}

std::vector<Plugin> plugin_instances(const Config& config) {
  std::vector<Plugin> plugins = default_plugins(config);
  if (config.slack.enabled && !config.slack.url.empty()) {
    plugins.push_back(notifier("slack", "headwind.notifier.slack", config.slack,
                               {{"username", config.slack_username}, {"icon_emoji", config.slack_icon_emoji}}));
  }
  if (config.teams.enabled && !config.teams.url.empty()) {
    plugins.push_back(notifier("teams", "headwind.notifier.teams", config.teams, Json::object()));
  }
  if (config.webhook.enabled && !config.webhook.url.empty()) {
    plugins.push_back(
        notifier("webhook", "headwind.notifier.webhook", config.webhook,
                 {{"timeout_seconds", config.webhook_timeout.count()}, {"max_retries", config.webhook_max_retries}}));
  }
  for (Plugin own : config.plugins) {
    if (own.plugin.starts_with("headwind.registry.")) give_registries(own, config);
    const auto same = std::find_if(plugins.begin(), plugins.end(), [&](const auto& p) { return p.name == own.name; });
    if (same == plugins.end()) {
      plugins.push_back(std::move(own));
    } else {
      *same = std::move(own);
    }
  }
  return plugins;
}

}  // namespace headwind::config
