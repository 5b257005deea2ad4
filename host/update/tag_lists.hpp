// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/coroutine_local.hpp"
#include "core/symbol.hpp"
#include "inventory/workload.hpp"
#include "update/candidates.hpp"

namespace headwind::update {

// A list as it was read, and the trace that reading it was a part of: whoever decides from it goes on there.
struct Listed {
  TagList list;
  LocalValue within;
};

// The lists that workloads have not looked at yet. Once all have, a list is gone: what stays in memory does not grow
// with the size of repositories. Engine thread only.
class TagLists {
 public:
  void put(const inventory::WorkloadKey& user, Symbol repository, Listed listed) {
    waiting_[user].insert_or_assign(repository, std::move(listed));
  }
  TagList find(const inventory::WorkloadKey& user, Symbol repository) const {
    const auto lists = waiting_.find(user);
    if (lists == waiting_.end()) return nullptr;
    const auto list = lists->second.find(repository);
    return list == lists->second.end() ? nullptr : list->second.list;
  }
  bool wait_for(const inventory::WorkloadKey& user) const { return waiting_.contains(user); }
  void drop(const inventory::WorkloadKey& user) { waiting_.erase(user); }

  // All that wait for a user, and dropping just these: what is put meanwhile stays.
  using Lists = std::map<Symbol, Listed>;
  Lists of(const inventory::WorkloadKey& user) const {
    const auto lists = waiting_.find(user);
    return lists == waiting_.end() ? Lists() : lists->second;
  }
  void drop(const inventory::WorkloadKey& user, const Lists& seen) {
    const auto lists = waiting_.find(user);
    if (lists == waiting_.end()) return;
    for (const auto& [repository, listed] : seen)
      if (const auto now = lists->second.find(repository);
          now != lists->second.end() && now->second.list == listed.list)
        lists->second.erase(now);
    if (lists->second.empty()) waiting_.erase(lists);
  }

  // The digest that a tag of the list turned out to name: asked for once, whoever of those who share the list chooses
  // it.
  std::string looked_up(const TagList& list, const std::string& tag) const {
    const auto known = looked_up_.find(list.get());
    if (known == looked_up_.end() || known->second.list.lock() != list) return {};
    const auto digest = known->second.digests.find(tag);
    return digest == known->second.digests.end() ? std::string() : digest->second;
  }
  void note(const TagList& list, const std::string& tag, const std::string& digest) {
    std::erase_if(looked_up_, [](const auto& entry) { return entry.second.list.expired(); });
    LookedUp& entry = looked_up_[list.get()];
    entry.list = list;
    entry.digests[tag] = digest;
  }

 private:
  struct LookedUp {
    std::weak_ptr<const std::vector<Candidate>> list;
    std::map<std::string, std::string> digests;
  };
  std::map<const std::vector<Candidate>*, LookedUp> looked_up_;
  std::map<inventory::WorkloadKey, Lists> waiting_;
};

}  // namespace headwind::update
