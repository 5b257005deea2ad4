// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/symbol.hpp"
#include "update/candidates.hpp"

namespace headwind::update {

// What was read of repositories only to be explained. Who asks again within a minute, or about a workload beside it,
// costs the registry nothing; nothing is ever decided from it. By repository and the identity that read it: what one
// may see, another may not. Engine thread only.
class ListsRead {
 public:
  static constexpr std::int64_t kept_ms = 60'000;
  static constexpr std::size_t most = 8;
  using Key = std::pair<Symbol, Symbol>;
  struct Reading {
    TagList list;
    std::int64_t read_ms = 0;                    // since 1970
    std::int64_t at_ms = 0;                      // the same, of a steady clock
    std::map<std::string, std::string> digests;  // by tag: what was looked up beside it
  };

  // Null where there is none that is young enough.
  Reading* find(const Key& key, std::int64_t now_ms) {
    std::erase_if(readings_, [&](const auto& one) { return now_ms - one.second.at_ms >= kept_ms; });
    const auto found = readings_.find(key);
    return found == readings_.end() ? nullptr : &found->second;
  }
  Reading& put(const Key& key, Reading reading) {
    if (readings_.size() >= most && !readings_.contains(key))
      readings_.erase(std::min_element(readings_.begin(), readings_.end(), [](const auto& left, const auto& right) {
        return left.second.at_ms < right.second.at_ms;
      }));
    return readings_.insert_or_assign(key, std::move(reading)).first->second;
  }

 private:
  std::map<Key, Reading> readings_;
};

}  // namespace headwind::update
