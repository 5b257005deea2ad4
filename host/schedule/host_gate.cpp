// SPDX-License-Identifier: Apache-2.0
#include "schedule/host_gate.hpp"

namespace headwind::schedule {

bool HostGate::is_full(std::string_view host) const {
  const auto found = asking_.find(host);
  return found != asking_.end() && found->second >= at_once_;
}

void HostGate::begin(std::string_view host) { ++asking_.try_emplace(std::string(host)).first->second; }

void HostGate::end(std::string_view host) {
  const auto found = asking_.find(host);
  if (found != asking_.end() && --found->second == 0) asking_.erase(found);
}

}  // namespace headwind::schedule
