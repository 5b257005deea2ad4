// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>

#include "core/symbol.hpp"
#include "inventory/workload.hpp"
#include "update/candidates.hpp"

namespace headwind::update {

// The lists that workloads have not looked at yet. Once all have, a list is gone: what stays in memory does not grow
// with the size of repositories. Engine thread only.
class TagLists {
 public:
  void put(const inventory::WorkloadKey& user, Symbol repository, TagList list) {
    waiting_[user].insert_or_assign(repository, std::move(list));
  }
  TagList find(const inventory::WorkloadKey& user, Symbol repository) const {
    const auto lists = waiting_.find(user);
    if (lists == waiting_.end()) return nullptr;
    const auto list = lists->second.find(repository);
    return list == lists->second.end() ? nullptr : list->second;
  }
  bool wait_for(const inventory::WorkloadKey& user) const { return waiting_.contains(user); }
  void drop(const inventory::WorkloadKey& user) { waiting_.erase(user); }

 private:
  std::map<inventory::WorkloadKey, std::map<Symbol, TagList>> waiting_;
};

}  // namespace headwind::update
