// SPDX-License-Identifier: Apache-2.0
// Makes contexts for spans and keeps those that have ended until somebody takes them away. Any thread.
#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "telemetry/metrics.hpp"
#include "telemetry/sampler.hpp"
#include "telemetry/span.hpp"

namespace headwind::telemetry {

struct TracerOptions {
  Sampler sampler{};
  std::size_t max_queue = 2048;  // spans; beyond it they are dropped and counted, and nobody waits
  std::size_t max_batch = 512;   // of one take(); as many call for the exporter before its time
};

class Tracer {
 public:
  Tracer(TracerOptions options, Metrics& metrics);

  // A new span's: in its parent's trace, or in a new one where that is null; sampled or not.
  TraceContext new_context(const TraceContext* parent);
  void take(SpanRecord span);
  // Up to max_batch of the spans that wait, in order of their ends.
  std::vector<SpanRecord> batch();
  std::size_t waiting() const;
  // From now on spans are let go unseen: the metrics that are counted in need live no longer.
  void close();
  // Called, on any thread, whenever there is a whole batch. Set before the first span.
  void on_batch(std::function<void()> call) { on_batch_ = std::move(call); }

  // headwind_trace_spans_total{outcome}: exported; dropped (the queue was full); rejected (by the collector, for good);
  // failed (it did not answer in time).
  struct Outcomes {
    Counter exported, dropped, rejected, failed;
  };
  const Outcomes& outcomes() const { return outcomes_; }

 private:
  const TracerOptions options_;
  Outcomes outcomes_;
  std::function<void()> on_batch_;
  mutable std::mutex mutex_;  // of what follows
  std::mt19937_64 random_;
  std::deque<SpanRecord> waiting_;
  bool closed_ = false;
};

// Of this process; null: nothing is recorded. What is under way keeps the one that it began with.
std::shared_ptr<Tracer> tracer();
void set_tracer(std::shared_ptr<Tracer> tracer);

}  // namespace headwind::telemetry
