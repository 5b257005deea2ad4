// SPDX-License-Identifier: Apache-2.0
#include "api/intake_metrics.hpp"

namespace headwind::api {

IntakeMetrics::IntakeMetrics(telemetry::Metrics& metrics, const std::string& endpoint) {
  for (std::size_t at = 0; at < kCodes.size(); ++at) {
    by_code_[at] = metrics.counter("headwind_webhook_requests_total", "Webhook calls by endpoint and HTTP status code",
                                   {{"endpoint", endpoint}, {"code", std::to_string(kCodes[at])}});
  }
  const auto ignored = [&](const char* reason) {
    return metrics.counter("headwind_webhook_pushes_ignored_total", "Pushes in webhook bodies that ask for nothing",
                           {{"endpoint", endpoint}, {"reason", reason}});
  };
  deleted_ = ignored("deleted");
  untagged_ = ignored("untagged");
  invalid_ = ignored("invalid");
}

void IntakeMetrics::answered(unsigned status) const {
  for (std::size_t at = 0; at < kCodes.size(); ++at) {
    if (kCodes[at] == status) by_code_[at].add();
  }
}

void IntakeMetrics::ignored(const PushSummary& summary) const {
  if (summary.deleted != 0) deleted_.add(static_cast<double>(summary.deleted));
  if (summary.untagged != 0) untagged_.add(static_cast<double>(summary.untagged));
  if (summary.invalid != 0) invalid_.add(static_cast<double>(summary.invalid));
}

}  // namespace headwind::api
