// SPDX-License-Identifier: Apache-2.0
#include "app/crashes.hpp"

#include <utility>

#include "core/clock.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

std::string sentence(const plugin::journal::Crash& crash) {
  return "plugin instance " + crash.name + " ended Headwind by " + std::string(plugin::journal::mark_name(crash.mark)) +
         " in " + crash.function + " at " + format_rfc3339(crash.crashed_ms);
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

void report_crashes(const plugin::Journal* journal, kube::EventWriter& events, const kube::Involved& about) {
  if (journal == nullptr) return;
  for (const plugin::journal::Crash& crash : journal->found())
    events.record(about, true, "PluginCrashed", sentence(crash));
}

}  // namespace headwind::app
