// SPDX-License-Identifier: Apache-2.0
#include "schedule/host_gate.hpp"

#include <algorithm>

namespace headwind::schedule {
std::int64_t HostGate::opens_ms(std::string_view host, std::int64_t now_ms) const {
  const auto found = hosts_.find(host);
  return found == hosts_.end() ? now_ms : std::max(now_ms, found->second.closed_until_ms);
}

bool HostGate::is_full(std::string_view host) const {
  const auto found = hosts_.find(host);
  return found != hosts_.end() && found->second.asking >= at_once_;
}

void HostGate::begin(std::string_view host) { ++hosts_.try_emplace(std::string(host)).first->second.asking; }

void HostGate::end(std::string_view host, const Result<>& outcome, std::int64_t now_ms) {
  Host& entry = hosts_.find(host)->second;
  --entry.asking;
  if (!outcome && outcome.error().retry_after.count() > 0)
    entry.closed_until_ms = std::max(entry.closed_until_ms, now_ms + outcome.error().retry_after.count());
}

}  // namespace headwind::schedule
