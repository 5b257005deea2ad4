// SPDX-License-Identifier: Apache-2.0
// What the engine counts beside the 40 families of 0.1.x. Engine thread only.
#pragma once
#include <string>
#include <string_view>

#include "telemetry/metrics.hpp"

namespace headwind::update {

struct EngineMetrics {
  explicit EngineMetrics(telemetry::Metrics& metrics);

  // headwind_decisions_total{verdict,rule}. `verdict`: hold, update, propose, wait or unknown; `rule`: what decided,
  // the name of a policy that is loaded or one of the words in docs/operations/metrics.md.
  void decided(std::string_view verdict, std::string_view rule, double times = 1) const;
  // An automatic update was written that long after its push arrived: headwind_push_to_patch_seconds{kind}. `trace`:
  // the push's W3C traceparent, or empty; so below.
  void patched(std::string_view kind, double seconds, std::string_view trace) const;
  // What was written came up that long after: headwind_patch_to_ready_seconds{kind}.
  void came_up(std::string_view kind, double seconds, std::string_view trace) const;

  telemetry::Counter confirmed, refused, unmatched;  // headwind_hints_total{outcome}
  telemetry::Gauge inbox, inbox_age;                 // headwind_inbox_hints, headwind_inbox_age_seconds
  telemetry::Gauge queue, queue_age;                 // headwind_queue_depth, headwind_queue_age_seconds
  telemetry::Gauge rollouts, rollouts_waiting;       // headwind_rollouts{state}
  telemetry::Counter conflicts;                      // headwind_patch_conflicts_total
  telemetry::Metrics& all;
};

}  // namespace headwind::update
