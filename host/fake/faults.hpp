// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace headwind::fake {

struct Fault {
  std::string verb, resource;  // "*": any
  unsigned times = 1;
  unsigned status = 0;  // answered instead of the truth; 0: only the delay
  unsigned retry_after_s = 0;
  bool after_effect = false;  // the request is carried out first
  std::chrono::milliseconds delay{0};
};

// Faults are used up in the order in which they were added.
class Faults {
 public:
  void add(Fault fault) {
    if (fault.times > 0) faults_.push_back(std::move(fault));
  }
  void clear() { faults_.clear(); }
  std::optional<Fault> take(std::string_view verb, std::string_view resource) {
    for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
      if (fault->verb != "*" && fault->verb != verb) continue;
      if (fault->resource != "*" && fault->resource != resource) continue;
      const Fault taken = *fault;
      if (--fault->times == 0) faults_.erase(fault);
      return taken;
    }
    return std::nullopt;
  }

 private:
  std::deque<Fault> faults_;
};

}  // namespace headwind::fake
