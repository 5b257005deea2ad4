// SPDX-License-Identifier: Apache-2.0
// What differs between two configurations, and which of it can be taken up at once.
#include <algorithm>

#include "config/changes.hpp"

namespace headwind::config {
namespace {

template <auto... Members>
bool same(const Config& left, const Config& right) {
  return ((left.*Members == right.*Members) && ...);
}

template <Port Config::* Which, auto Member>
bool same_port(const Config& left, const Config& right) {
  return left.*Which.*Member == right.*Which.*Member;
}

template <Port Config::* Which>
void add_port(std::vector<Comparison>& table, const std::string& name) {
  table.push_back({name + ".address", same_port<Which, &Port::address>});
  table.push_back({name + ".port", same_port<Which, &Port::port>});
  table.push_back({name + ".certificateFile", same_port<Which, &Port::certificate_file>});
  table.push_back({name + ".keyFile", same_port<Which, &Port::key_file>});
}

std::vector<Comparison> make_table() {
  std::vector<Comparison> table{{"kubernetes.kubeconfig", same<&Config::kubeconfig>},
                                {"kubernetes.context", same<&Config::context>},
                                {"kubernetes.namespace", same<&Config::name_space>}};
  add_port<&Config::webhooks>(table, "ports.webhooks");
  add_port<&Config::api>(table, "ports.api");
  add_port<&Config::metrics>(table, "ports.metrics");
  const std::vector<Comparison> others{
      {"auth.mode", same<&Config::auth>},
      {"webhooks", same<&Config::webhook_secrets, &Config::webhook_places>},
      {"registries", same<&Config::registries>},
      {"registryAliases", same<&Config::registry_aliases>},
      {"plugins.directories", same<&Config::plugin_directories>},
      {"plugins.journalDirectory", same<&Config::plugin_journal_directory>},
      {"plugins.instances", same<&Config::plugins>},
      {"updates.minInterval", same<&Config::min_update_interval>},
      {"updates.requestLifetime", same<&Config::request_lifetime>},
      {"approvals.excludeTrigger", same<&Config::exclude_trigger>},
      {"polling.enabled", same<&Config::polling>},
      {"polling.interval", same<&Config::polling_interval>},
      {"polling.shrinkShare", same<&Config::polling_shrink_percent>},
      {"helm.autoDiscovery", same<&Config::chart_discovery>},
      {"helm.sourceNamespaces", same<&Config::chart_source_namespaces>},
      {"sweep.mode", same<&Config::sweep>},
      {"sweep.interval", same<&Config::sweep_interval>},
      {"rollouts.settle", same<&Config::rollout_settle>},
      {"rollouts.checkInterval", same<&Config::rollout_check_interval>},
      {"rollouts.maxConcurrent", same<&Config::max_rollouts>},
      {"rollouts.maxConcurrentPerNamespace", same<&Config::max_rollouts_per_namespace>},
      {"notifications.keepTrying", same<&Config::keep_trying>},
      {"notifications.routes", same<&Config::notification_routes>},
      {"platforms", same<&Config::platforms>},
      {"reload", same<&Config::reload>},
      {"telemetry.traces", same<&Config::traces, &Config::trace_headers>},
      {"links.api", same<&Config::api_url>},
      {"links.ui", same<&Config::ui_url>},
      {"log.level", same<&Config::log_level>},
      {"log.format", same<&Config::log_format>},
      {"audit.sink", same<&Config::audit>},
      {"audit.file", same<&Config::audit_file>}};
  table.insert(table.end(), others.begin(), others.end());
  return table;
}

}  // namespace

const std::vector<Comparison>& comparisons() {
  static const std::vector<Comparison> table = make_table();
  return table;
}

std::vector<std::string> changed_keys(const Config& before, const Config& after) {
  std::vector<std::string> changed;
  for (const Comparison& one : comparisons())
    if (!one.same(before, after)) changed.push_back(one.key);
  return changed;
}

bool is_live(std::string_view key) {
  return key == "registries" || key == "plugins.directories" || key == "plugins.instances" ||
         key == "notifications.routes" || key == "reload" || key == "log.level" || key == "log.format";
}

std::vector<NotificationRoute> routes_while_some_leave(const Config& running, const Config& next) {
  std::vector<NotificationRoute> routes = next.notification_routes;
  const std::vector<Plugin> stay = plugin_instances(next);
  for (NotificationRoute route : running.notification_routes) {
    std::erase_if(route.to, [&](const std::string& name) {
      return std::ranges::any_of(stay, [&](const Plugin& one) { return one.name == name; });
    });
    if (!route.to.empty()) routes.push_back(std::move(route));
  }
  return routes;
}

Config with_live_keys(const Config& running, const Config& next) {
  Config out = running;
  out.registries = next.registries;
  out.plugin_directories = next.plugin_directories;
  out.plugins = next.plugins;
  out.notification_routes = next.notification_routes;
  out.reload = next.reload;
  out.log_level = next.log_level, out.log_format = next.log_format;
  out.slack = next.slack, out.teams = next.teams, out.webhook = next.webhook;
  out.slack_username = next.slack_username, out.slack_icon_emoji = next.slack_icon_emoji;
  out.webhook_timeout = next.webhook_timeout, out.webhook_max_retries = next.webhook_max_retries;
  out.warnings = next.warnings;
  return out;
}

}  // namespace headwind::config
