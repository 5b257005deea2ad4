// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_list.hpp"

#include <utility>
#include <vector>

namespace headwind::app {

api::PluginList plugin_list(const plugin::Host& host, const Refusals& refusals) {
  api::PluginList list;
  for (plugin::PluginInfo& info : host.plugins())
    list.plugins.push_back({std::move(info.file), std::move(info.id), std::move(info.version), std::move(info.kind),
                            std::move(info.summary), std::move(info.state), std::move(info.reason)});
  std::vector<plugin::InstanceInfo> instances = host.instances();
  for (plugin::InstanceInfo& info : refusals.all()) instances.push_back(std::move(info));
  for (plugin::InstanceInfo& info : instances)
    list.instances.push_back({std::move(info.name), std::move(info.plugin), std::move(info.kind), std::move(info.state),
                              std::move(info.reason), info.calls, info.in_flight, std::move(info.errors),
                              std::move(info.last_error), info.last_error_ms, info.since_ms});
  return list;
}

}  // namespace headwind::app
