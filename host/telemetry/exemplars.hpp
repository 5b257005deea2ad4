// SPDX-License-Identifier: Apache-2.0
// One example of a trace for each bucket of a histogram: OpenMetrics shows it beside the bucket's count.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::telemetry {

struct Exemplar {
  std::string trace_id;  // 32 hex digits; empty: there is none
  double value = 0;      // as it was observed
  double unix_s = 0;     // when, in seconds
};

// Any thread.
class Exemplars {
 public:
  explicit Exemplars(std::vector<double> bounds) : bounds_(std::move(bounds)), newest_(bounds_.size() + 1) {}

  // `trace_id` is of W3C Trace Context: 32 lower-case hex digits, not all zero. What is none is not kept.
  void note(double value, std::string_view trace_id, std::int64_t unix_ms);
  // The newest of each bucket, in the order of the bounds; the last is that of +Inf.
  std::vector<Exemplar> newest() const;

 private:
  const std::vector<double> bounds_;
  mutable std::mutex mutex_;
  std::vector<Exemplar> newest_;
};

// The trace id within a `traceparent` of W3C Trace Context; empty where it is none. Within `traceparent`.
std::string_view trace_id_within(std::string_view traceparent);

}  // namespace headwind::telemetry
