// SPDX-License-Identifier: Apache-2.0
#include "plugin/call_metrics.hpp"

namespace headwind::plugin {

void CallMetrics::count(Function function, std::string_view status, double by) {
  telemetry::Counter counter;
  {
    const std::lock_guard lock(mutex_);
    auto found = counters_.find({function, status});
    if (found == counters_.end()) {
      counter = metrics_.counter(
          "headwind_plugin_calls_total", "Calls into plugins, by how they ended.",
          {{"instance", instance_}, {"function", std::string(traits(function).name)}, {"status", std::string(status)}});
      found = counters_.emplace(std::pair{function, status}, counter).first;
    }
    counter = found->second;
  }
  counter.add(by);
}

void CallMetrics::time(Function function, double seconds, std::string_view trace_id) {
  telemetry::Histogram histogram;
  {
    const std::lock_guard lock(mutex_);
    auto found = histograms_.find(function);
    if (found == histograms_.end()) {
      histogram = metrics_.histogram("headwind_plugin_call_seconds", "Time spent within plugins.",
                                     {0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10, 60},
                                     {{"instance", instance_}, {"function", std::string(traits(function).name)}});
      found = histograms_.emplace(function, histogram).first;
    }
    histogram = found->second;
  }
  histogram.observe(seconds, trace_id);
}

}  // namespace headwind::plugin
