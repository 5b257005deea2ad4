// SPDX-License-Identifier: Apache-2.0
#include "update/engine_metrics.hpp"

#include <utility>

#include "telemetry/exemplars.hpp"

namespace headwind::update {

EngineMetrics::EngineMetrics(telemetry::Metrics& metrics) : all(metrics) {
  // Those that a rule on the rate looks at are there before anything happened.
  decided("unknown", "registry", 0);
  decided("wait", "interval", 0);
  decided("wait", "rollouts", 0);
  const auto hint = [&](const char* outcome) {
    return metrics.counter("headwind_hints_total", "Pushed tags heard of, by outcome", {{"outcome", outcome}});
  };
  confirmed = hint("confirmed");
  refused = hint("refused");
  unmatched = hint("unmatched");
  inbox = metrics.gauge("headwind_inbox_hints", "Pushed tags that are being dealt with");
  inbox_age = metrics.gauge("headwind_inbox_age_seconds", "Since when the oldest pushed tag is being dealt with");
  queue = metrics.gauge("headwind_queue_depth", "Workloads queued or being reconciled");
  queue_age = metrics.gauge("headwind_queue_age_seconds", "How long the workload that was queued first has waited");
  const auto rollout = [&](const char* state) {
    return metrics.gauge("headwind_rollouts", "Rollouts, by state", {{"state", state}});
  };
  rollouts = rollout("followed");
  rollouts_waiting = rollout("waiting");
  conflicts = metrics.counter("headwind_patch_conflicts_total", "Workload patches refused because something moved");
}

void EngineMetrics::decided(std::string_view verdict, std::string_view rule, double times) const {
  all.counter("headwind_decisions_total", "Decisions about a slot, by verdict and what decided",
              {{"verdict", std::string(verdict)}, {"rule", std::string(rule)}})
      .add(times);
}

void EngineMetrics::patched(std::string_view kind, double seconds, std::string_view trace) const {
  all.histogram("headwind_push_to_patch_seconds",
                "From the arrival of a push to the automatic update of a workload that it led to",
                {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800}, {{"kind", std::string(kind)}})
      .observe(seconds, telemetry::trace_id_within(trace));
}

void EngineMetrics::came_up(std::string_view kind, double seconds, std::string_view trace) const {
  all.histogram("headwind_patch_to_ready_seconds",
                "From the update of a workload to the end of its rollout, where it came up",
                {1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600}, {{"kind", std::string(kind)}})
      .observe(seconds, telemetry::trace_id_within(trace));
}

}  // namespace headwind::update
