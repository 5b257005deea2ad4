// SPDX-License-Identifier: Apache-2.0
#include "app/missing_plugins.hpp"

#include <vector>

#include "core/text.hpp"

namespace headwind::app {

void report_missing_plugins(const plugin::Host& host, const Refusals& refusals, kube::EventWriter& events,
                            const kube::Involved& about) {
  const auto record = [&](const char* reason, const plugin::InstanceInfo& instance) {
    events.record(about, true, reason,
                  "plugin instance " + instance.name + " (" + instance.plugin + "): " + instance.reason);
  };
  for (const plugin::PluginInfo& file : host.plugins())
    if (file.state == "refused")
      events.record(about, true, "PluginRefused", "plugin file " + file.file + ": " + file.reason);
  for (const plugin::InstanceInfo& instance : host.instances())
    if (instance.state == "quarantined") record("PluginQuarantined", instance);
  for (const plugin::InstanceInfo& instance : refusals.all()) record("PluginRefused", instance);
}

std::string missing_plugins_note(const plugin::Host& host, const Refusals& refusals) {
  std::vector<std::string> sentences;
  for (const plugin::InstanceInfo& instance : host.instances())
    if (instance.state == "quarantined")
      sentences.push_back("plugin instance " + instance.name + ": " + instance.reason);
  for (const plugin::InstanceInfo& instance : refusals.all())
    sentences.push_back("plugin instance " + instance.name + " is refused: " + instance.reason);
  for (const plugin::PluginInfo& file : host.plugins())
    if (file.state == "refused") sentences.push_back("plugin file " + file.file + " is refused: " + file.reason);
  return join(sentences, "; ");
}

}  // namespace headwind::app
