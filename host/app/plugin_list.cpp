// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_list.hpp"

#include <utility>

namespace headwind::app {

api::PluginList plugin_list(const plugin::Host& host) {
  api::PluginList list;
  for (plugin::PluginInfo& info : host.plugins())
    list.plugins.push_back({std::move(info.file), std::move(info.id), std::move(info.version), std::move(info.kind),
                            std::move(info.summary), std::move(info.state), std::move(info.reason)});
  for (plugin::InstanceInfo& info : host.instances())
    list.instances.push_back({std::move(info.name), std::move(info.plugin), std::move(info.kind), std::move(info.state),
                              std::move(info.reason), info.calls, info.in_flight, std::move(info.errors),
                              std::move(info.last_error), info.last_error_ms, info.since_ms});
  return list;
}

}  // namespace headwind::app
