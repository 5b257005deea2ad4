// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

#include "inventory/workload.hpp"

namespace headwind::update {

// The last so many texts that were put in; as hashes, since strangers choose them.
class LastTexts {
 public:
  // Whether it is new.
  bool put(std::string_view text) {
    constexpr std::size_t limit = 16'384;
    const std::size_t hash = std::hash<std::string_view>()(text);
    if (!known_.insert(hash).second) return false;
    order_.push_back(hash);
    if (order_.size() <= limit) return true;
    known_.erase(order_.front());
    order_.pop_front();
    return true;
  }
  bool has(std::string_view text) const { return known_.contains(std::hash<std::string_view>()(text)); }

 private:
  std::unordered_set<std::size_t> known_;
  std::deque<std::size_t> order_;
};

// What the sweep has to remember. A version is named as webhooks name it, "repository:tag"; the tag that runs, pushed
// again, with its digest behind. Engine thread only.
struct SweepBook {
  LastTexts announced;                             // by webhooks, lately
  LastTexts missed;                                // counted as missed
  std::map<std::string, std::int64_t> first_seen;  // versions that get time for their webhook, since then (mono_ms)
  std::map<inventory::WorkloadKey, std::string> told;
};

}  // namespace headwind::update
