// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fake/selector.hpp"
#include "fake/store.hpp"

namespace headwind::fake {

struct ListQuery {
  const ResourceType& type;
  std::string name_space;  // empty: all
  Selector selector;
  std::size_t limit = 0;  // 0: no pages
  std::string token;      // `continue`
};

// Answers lists, in pages that all show the revision of the first one until a compaction.
class Lister {
 public:
  explicit Lister(const Store& store) : store_(store) {}
  Outcome<Json> list(const ListQuery& query);

 private:
  using Items = std::vector<std::pair<std::string, ObjectPtr>>;
  struct Snapshot {
    const ResourceType* type;
    std::uint64_t revision;
    Items items;  // of all namespaces
  };
  const Items* snapshot(const ResourceType& type, std::uint64_t revision, bool make);

  const Store& store_;
  std::deque<Snapshot> snapshots_;
};

}  // namespace headwind::fake
