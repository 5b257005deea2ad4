// SPDX-License-Identifier: Apache-2.0
#include "app/refusals.hpp"

#include <algorithm>

#include "core/clock.hpp"

namespace headwind::app {

void Refusals::note(const std::string& name, const std::string& plugin, const std::string& kind, const Error& why) {
  plugin::InstanceInfo& info = refused_[name];
  const std::int64_t now = system_clock().unix_ms();
  if (info.name.empty()) info.since_ms = now;
  info.name = name;
  info.plugin = plugin;
  info.kind = kind;
  info.state = "refused";
  info.reason = info.last_error = why.message;
  info.last_error_ms = now;
  shown(name).set(1);
}

bool Refusals::forget(const std::string& name) {
  if (refused_.erase(name) == 0) return false;
  shown(name).set(0);
  return true;
}

std::vector<plugin::InstanceInfo> Refusals::all() const {
  std::vector<plugin::InstanceInfo> all;
  for (const auto& [name, info] : refused_) all.push_back(info);
  return all;
}

telemetry::Gauge Refusals::shown(const std::string& name) {
  return metrics_.gauge("headwind_plugin_refused",
                        "1 while a plugin instance is wanted and could not be created, else 0.", {{"instance", name}});
}

std::string kind_of(const plugin::Host& host, const std::string& plugin) {
  const std::vector<plugin::PluginInfo> all = host.plugins();
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const plugin::PluginInfo& one) { return one.state == "loaded" && one.id == plugin; });
  return found == all.end() ? std::string() : found->kind;
}

}  // namespace headwind::app
