// SPDX-License-Identifier: Apache-2.0
#include "schedule/host_gate.hpp"

#include <algorithm>

namespace headwind::schedule {
namespace {

constexpr std::int64_t first_rest_ms = 5'000, longest_rest_ms = 300'000;

std::int64_t rest_ms(unsigned failures) {
  return std::min(longest_rest_ms, first_rest_ms << std::min(failures - 1, 10U));
}

}  // namespace

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
  if (outcome || (outcome.error().code != Code::throttled && outcome.error().code != Code::unavailable &&
                  outcome.error().code != Code::cancelled)) {
    entry.failures = 0;
    return;
  }
  const Error& error = outcome.error();
  const std::int64_t asked_for = error.retry_after.count();
  const std::int64_t rest = asked_for > 0 ? asked_for : rest_ms(++entry.failures);
  entry.closed_until_ms = std::max(entry.closed_until_ms, now_ms + rest);
}

}  // namespace headwind::schedule
