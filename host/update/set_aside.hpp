// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/symbol.hpp"
#include "inventory/workload.hpp"
#include "update/hint.hpp"

namespace headwind::update {

// Hints that workloads let go because a plugin did not do its part: no policy of that name, parameters that it refused,
// a registry that nobody serves. When plugins are changed, those workloads look at them again. In memory, the newest
// ones only: who misspells a name for ever must not fill the inbox. Once a workload has decided on a later push of the
// repository, an earlier one is none of its business: policy force would go back to it. Engine thread only.
class SetAside {
 public:
  static constexpr std::size_t most = 500;
  using Users = std::set<inventory::WorkloadKey>;

  void put(const Hint& hint, Users users) {
    std::erase_if(users, [&](const inventory::WorkloadKey& user) {
      const auto last = decided_.find({user, Symbol(hint.repository)});
      return last != decided_.end() && hint.arrived_ms < last->second;
    });
    if (users.empty()) return;
    const std::string key = hint.key();
    const auto [kept, added] = hints_.try_emplace(key);
    kept->second.first = hint;
    kept->second.second.insert(users.begin(), users.end());
    if (!added) return;
    order_.push_back(key);
    if (order_.size() <= most) return;
    hints_.erase(order_.front());
    order_.pop_front();
  }
  // `workload` has decided on `hint`.
  void decided(const Hint& hint, const inventory::WorkloadKey& workload) {
    std::int64_t& last = decided_[{workload, Symbol(hint.repository)}];
    last = std::max(last, hint.arrived_ms);
    drop(workload, [&](const Hint& other) {
      return other.repository == hint.repository && (other.tag == hint.tag || other.arrived_ms < hint.arrived_ms);
    });
  }
  // `workload` is gone: another one of that name has a past of its own.
  void forget(const inventory::WorkloadKey& workload) {
    drop(workload, [](const Hint&) { return true; });
    decided_.erase(decided_.lower_bound({workload, Symbol()}), decided_.upper_bound({workload, Symbol("\x7f")}));
  }
  // Oldest first.
  std::vector<std::pair<Hint, Users>> take_all() {
    std::vector<std::pair<Hint, Users>> all;
    for (const std::string& key : order_) all.push_back(std::move(hints_.at(key)));
    hints_.clear();
    order_.clear();
    return all;
  }
  std::size_t size() const { return hints_.size(); }

 private:
  template <class Which>
  void drop(const inventory::WorkloadKey& workload, const Which& which) {
    std::erase_if(order_, [&](const std::string& key) {
      auto& [hint, users] = hints_.at(key);
      if (!which(hint)) return false;
      users.erase(workload);
      return users.empty() && hints_.erase(key) != 0;
    });
  }

  std::map<std::string, std::pair<Hint, Users>> hints_;  // by key
  std::deque<std::string> order_;
  std::map<std::pair<inventory::WorkloadKey, Symbol>, std::int64_t> decided_;  // arrived_ms of the last, by repository
};

}  // namespace headwind::update
