// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace headwind::schedule {

// How many streams of each registry host are asked about at once: no host holds up another. Whether a host is to be
// left alone is HostBudget's to say, in the answer. Plain state, one thread.
class HostGate {
 public:
  explicit HostGate(std::size_t at_once) : at_once_(at_once) {}

  bool is_full(std::string_view host) const;
  void begin(std::string_view host);
  void end(std::string_view host);

 private:
  std::size_t at_once_;
  std::map<std::string, std::size_t, std::less<>> asking_;  // of hosts that are being asked
};

}  // namespace headwind::schedule
