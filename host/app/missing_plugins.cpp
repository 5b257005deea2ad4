// SPDX-License-Identifier: Apache-2.0
#include "app/missing_plugins.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.hpp"

namespace headwind::app {
namespace {

// "plugin instance ops (acme.notifier.pager of /plugins/pager.so): why".
std::string sentence_of(const plugin::Host& host, const plugin::InstanceInfo& instance) {
  const std::vector<plugin::PluginInfo> plugins = host.plugins();
  const auto found = std::ranges::find(plugins, instance.plugin, &plugin::PluginInfo::id);
  const std::string of = found == plugins.end() ? std::string() : " of " + found->file;
  return "plugin instance " + instance.name + " (" + instance.plugin + of + "): " + instance.reason;
}

}  // namespace

void report_outage(const plugin::Host& host, const plugin::InstanceInfo& instance, kube::EventWriter& events,
                   const kube::Involved& about) {
  const char* reason = instance.state == "quarantined" ? "PluginQuarantined" : "PluginRests";
  events.record(about, true, reason, sentence_of(host, instance));
}

void report_missing_plugins(const plugin::Host& host, const Refusals& refusals, kube::EventWriter& events,
                            const kube::Involved& about) {
  for (const plugin::PluginInfo& file : host.plugins())
    if (file.state == "refused")
      events.record(about, true, "PluginRefused", "plugin file " + file.file + ": " + file.reason);
  for (const plugin::InstanceInfo& instance : host.instances())
    if (instance.state == "quarantined") report_outage(host, instance, events, about);
  for (const plugin::InstanceInfo& instance : refusals.all())
    events.record(about, true, "PluginRefused", sentence_of(host, instance));
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
