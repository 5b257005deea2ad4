// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <headwind/headwind.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "telemetry/metrics.hpp"

namespace headwind::plugin {

// A plugin's own metrics. Family names carry the plugin's id, so they meet neither the host's nor each other's:
// "requests_total" of headwind.registry.oci is headwind_registry_oci_requests_total{instance}, that of com.acme.x is
// headwind_custom_com_acme_x_requests_total{instance}.
class MetricsService {
 public:
  MetricsService(telemetry::Metrics& metrics, std::string instance, const std::string& plugin);
  std::uint32_t define(std::int32_t type, hw_str name, hw_str help);
  void record(std::uint32_t id, double value);

 private:
  struct Series {
    std::string name;
    std::int32_t type = 0;
    telemetry::Counter counter;
    telemetry::Gauge gauge;
    telemetry::Histogram histogram;
  };
  static constexpr std::size_t kMost = 64;

  telemetry::Metrics& metrics_;
  const std::string instance_;
  std::string prefix_;
  std::mutex mutex_;                     // of definitions
  std::array<Series, kMost> series_;     // id - 1
  std::atomic<std::uint32_t> count_{0};  // published after its series is whole: recording takes no lock
};

}  // namespace headwind::plugin
