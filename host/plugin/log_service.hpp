// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <headwind/headwind.h>

#include <cstdint>
#include <mutex>
#include <string>

#include "plugin/blot.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::plugin {

// A plugin's log lines: cleaned, without secrets, capped in number and size, and said to be the instance's.
class LogService {
 public:
  LogService(telemetry::Metrics& metrics, std::string instance, std::string plugin, const Blot& blot);
  static bool enabled(std::int32_t level);
  void write(std::int32_t level, hw_str message, const hw_kv* fields, std::size_t count);

 private:
  // Lines that were dropped since the last one that may go, or -1 where this one must be dropped too.
  std::int64_t admit();

  std::string clean(hw_str text, std::size_t max) const;

  const std::string instance_, plugin_;
  const Blot& blot_;
  const telemetry::Counter dropped_total_;
  std::mutex mutex_;  // of the bucket
  double tokens_;
  std::int64_t filled_ms_;
  std::int64_t dropped_ = 0;
};

}  // namespace headwind::plugin
