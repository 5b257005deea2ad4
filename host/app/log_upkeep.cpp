// SPDX-License-Identifier: Apache-2.0
#include "app/log_upkeep.hpp"

#include <array>
#include <utility>

#include "telemetry/audit.hpp"
#include "telemetry/log_control.hpp"

namespace headwind::app {
namespace {

using telemetry::Level;

constexpr std::array<std::pair<Level, const char*>, 3> levels{
    {{Level::info, "info"}, {Level::warn, "warn"}, {Level::error, "error"}}};

// The log is there before any metrics are, and after them: what it counted is carried over.
void catch_up(const telemetry::Counter& counter, std::uint64_t total) {
  const double more = static_cast<double>(total) - counter.value();
  if (more > 0) counter.add(more);
}

}  // namespace

Task<> keep_up_the_log(telemetry::Metrics& metrics, std::weak_ptr<const void> owner) {
  std::array<telemetry::Counter, levels.size()> held_back;
  for (std::size_t i = 0; i < levels.size(); ++i)
    held_back[i] = metrics.counter("headwind_log_repeats_total",
                                   "Lines of the log that said the same again and were told by their number only.",
                                   {{"level", levels[i].second}});
  const auto entries = [&](const char* result) {
    return metrics.counter("headwind_audit_entries_total", "Entries of the audit stream, by whether they were written.",
                           {{"result", result}});
  };
  const telemetry::Counter written = entries("written"), failed = entries("failed");
  const telemetry::Gauge sequence =
      metrics.gauge("headwind_audit_sequence",
                    "The number of the last entry of the audit stream: a file that ends before it was cut.");
  while (!owner.expired()) {
    telemetry::tell_repeats();
    for (std::size_t i = 0; i < levels.size(); ++i)
      catch_up(held_back[i], telemetry::repeats_held_back(levels[i].first));
    const telemetry::AuditCounts counts = telemetry::audit_counts();
    catch_up(written, counts.written);
    catch_up(failed, counts.failed);
    sequence.set(static_cast<double>(counts.sequence));
    co_await sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace headwind::app
