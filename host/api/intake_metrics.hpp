// SPDX-License-Identifier: Apache-2.0
// What the intake counts. All series are made at start, so that a call only adds to them.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "api/push_hints.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::api {

class IntakeMetrics {
 public:
  IntakeMetrics(telemetry::Metrics& metrics, const std::string& endpoint);
  void answered(unsigned status) const;            // headwind_webhook_requests_total{endpoint,code}
  void ignored(const PushSummary& summary) const;  // headwind_webhook_pushes_ignored_total{endpoint,reason}

 private:
  static constexpr std::array<unsigned, 7> kCodes{200, 400, 401, 415, 422, 500, 503};
  std::array<telemetry::Counter, kCodes.size()> by_code_;
  telemetry::Counter deleted_, untagged_, invalid_;
};

}  // namespace headwind::api
