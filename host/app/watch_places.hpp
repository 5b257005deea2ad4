// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <set>

#include "inventory/workload.hpp"

namespace headwind::app {

// Who may watch companions now; the others wait in the order in which they asked.
class WatchPlaces {
 public:
  explicit WatchPlaces(std::size_t most) : most_(most) {}

  // Whether `key` has a place now. Where not, it waits until given_back() names it.
  bool take(const inventory::WorkloadKey& key) {
    if (taken_.contains(key)) return true;
    if (taken_.size() < most_) {
      std::erase(waiting_, key);
      taken_.insert(key);
      return true;
    }
    if (std::find(waiting_.begin(), waiting_.end(), key) == waiting_.end()) waiting_.push_back(key);
    return false;
  }
  // Neither watches nor waits. Who may come forward now; who does not, waits anew when it asks the next time.
  std::optional<inventory::WorkloadKey> give_back(const inventory::WorkloadKey& key) {
    std::erase(waiting_, key);
    taken_.erase(key);
    if (waiting_.empty() || taken_.size() >= most_) return std::nullopt;
    std::optional<inventory::WorkloadKey> next = waiting_.front();
    waiting_.pop_front();
    return next;
  }

 private:
  std::size_t most_;
  std::set<inventory::WorkloadKey> taken_;
  std::deque<inventory::WorkloadKey> waiting_;
};

}  // namespace headwind::app
