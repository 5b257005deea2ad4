// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "plugin/function.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::plugin {

// headwind_plugin_calls_total{instance,function,status} and headwind_plugin_call_seconds{instance,function}.
class CallMetrics {
 public:
  CallMetrics(telemetry::Metrics& metrics, std::string instance) : metrics_(metrics), instance_(std::move(instance)) {}
  void count(Function function, std::string_view status, double by = 1);
  // `trace_id`: of the trace that the call was part of, or empty.
  void time(Function function, double seconds, std::string_view trace_id = {});

 private:
  telemetry::Metrics& metrics_;
  const std::string instance_;
  std::mutex mutex_;  // handles are kept: looking a series up by its labels costs more than a call
  std::map<std::pair<Function, std::string_view>, telemetry::Counter> counters_;
  std::map<Function, telemetry::Histogram> histograms_;
};

}  // namespace headwind::plugin
