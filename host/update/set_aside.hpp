// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "inventory/workload.hpp"
#include "update/hint.hpp"

namespace headwind::update {

// Hints that workloads let go because a plugin did not do its part: no policy of that name, parameters that it refused,
// a registry that nobody serves. When plugins are changed, those workloads look at them again. In memory, the newest
// ones only: who misspells a name for ever must not fill the inbox. Engine thread only.
class SetAside {
 public:
  static constexpr std::size_t most = 500;
  using Users = std::set<inventory::WorkloadKey>;

  void put(const Hint& hint, const Users& users) {
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
  std::map<std::string, std::pair<Hint, Users>> hints_;  // by key
  std::deque<std::string> order_;
};

}  // namespace headwind::update
