// SPDX-License-Identifier: Apache-2.0
// Which traces are recorded: the samplers of the OpenTelemetry SDK, by their names in OTEL_TRACES_SAMPLER.
#pragma once
#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "telemetry/trace_context.hpp"

namespace headwind::telemetry {

class Sampler {
 public:
  // "always_on", "always_off", "traceidratio", each alone (the parent's decision does not count) or after
  // "parentbased_". `ratio`: from 0 to 1, for traceidratio. Code::invalid, with the names that there are.
  static Result<Sampler> make(std::string_view name, double ratio = 1);

  // Whether a span of that trace is recorded. `parent`: of whom it is a part, or null for a root.
  bool samples(std::string_view trace_id, const TraceContext* parent) const;

 private:
  bool parent_based_ = true;
  double ratio_ = 1;  // 0: always_off, 1: always_on
};

}  // namespace headwind::telemetry
