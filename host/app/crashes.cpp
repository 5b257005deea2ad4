// SPDX-License-Identifier: Apache-2.0
#include "app/crashes.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

// The journal keeps a name alone: of an instance, or of a file that was being loaded.
std::string who(const std::string& name, const config::Config& config, const plugin::Host& host) {
  constexpr std::string_view file = "file:";
  if (name.starts_with(file)) return "plugin file " + name.substr(file.size());
  const std::vector<config::Plugin> instances = config::plugin_instances(config);
  const auto instance = std::ranges::find(instances, name, &config::Plugin::name);
  if (instance == instances.end()) return "plugin instance " + name + " (not in the configuration any more)";
  const std::vector<plugin::PluginInfo> plugins = host.plugins();
  const auto found = std::ranges::find(plugins, instance->plugin, &plugin::PluginInfo::id);
  return "plugin instance " + name + " (" + instance->plugin + (found == plugins.end() ? "" : " of " + found->file) +
         ")";
}

std::string sentence(const plugin::journal::Crash& crash, const std::string& who) {
  return who + " ended Headwind by " + std::string(plugin::journal::mark_name(crash.mark)) + " in " + crash.function +
         " at " + format_rfc3339(crash.crashed_ms) +
         "; mend or replace the plugin: after a second time within ten minutes it is left out for an hour";
}

}  // namespace

std::shared_ptr<plugin::Journal> open_journal(const config::Config& config) {
  if (config.plugin_journal_directory.empty()) return nullptr;
  Result<std::shared_ptr<plugin::Journal>> opened =
      plugin::Journal::open(config.plugin_journal_directory, system_clock().unix_ms());
  if (!opened) {
    telemetry::warn(
        "plugin", "no crash journal is kept: mount a writable emptyDir at plugins.journalDirectory, or set it to none",
        {{"error", opened.error().message}});
    return nullptr;
  }
  plugin::Journal::watch();
  if (!(*opened)->complaint().empty())
    telemetry::warn("plugin", "the crash journal was not understood", {{"error", (*opened)->complaint()}});
  for (const plugin::journal::Crash& crash : (*opened)->found())
    telemetry::error("plugin", "a plugin ended the last process",
                     {{"instance", crash.name},
                      {"function", crash.function},
                      {"signal", plugin::journal::mark_name(crash.mark)},
                      {"at", format_rfc3339(crash.crashed_ms)},
                      {"called", format_rfc3339(crash.started_ms)}});
  return std::move(*opened);
}

void report_crashes(const plugin::Journal* journal, const config::Config& config, const plugin::Host& host,
                    kube::EventWriter& events, const kube::Involved& about) {
  if (journal == nullptr) return;
  for (const plugin::journal::Crash& crash : journal->found())
    events.record(about, true, "PluginCrashed", sentence(crash, who(crash.name, config, host)));
}

}  // namespace headwind::app
