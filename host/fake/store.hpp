// SPDX-License-Identifier: Apache-2.0
// What etcd is to a real API server: objects, one counter of revisions, and who is told of changes.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "fake/json.hpp"
#include "fake/resource.hpp"

namespace headwind::fake {

using ObjectPtr = std::shared_ptr<const Json>;

enum class ChangeKind : std::uint8_t { added, modified, deleted };

struct Change {
  ChangeKind kind = ChangeKind::added;
  const ResourceType* type = nullptr;
  ObjectPtr object;    // as it is now; deleted: as it was, with the deletion's resourceVersion
  ObjectPtr previous;  // null when added
  std::uint64_t revision = 0;
};

class Store {
 public:
  using Objects = std::map<std::string, ObjectPtr, std::less<>>;  // by "namespace/name", in the order of a list

  explicit Store(std::size_t history_limit) : history_limit_(history_limit) {}

  ObjectPtr find(const ResourceType& type, std::string_view name_space, std::string_view name) const;
  const Objects& objects(const ResourceType& type) const;
  // Stores `object` under its metadata and gives it the next resourceVersion.
  ObjectPtr put(const ResourceType& type, Json object);
  // Null where there was none.
  ObjectPtr remove(const ResourceType& type, std::string_view name_space, std::string_view name);

  std::uint64_t revision() const { return revision_; }
  // Changes at or before this revision are forgotten: a watch from there is told 410.
  std::uint64_t compacted() const { return compacted_; }
  const std::deque<Change>& history() const { return history_; }
  void compact();

  // Told of each change, in order, before put() or remove() returns.
  void subscribe(std::function<void(const Change&)> subscriber) { subscribers_.push_back(std::move(subscriber)); }

 private:
  void record(Change change);

  std::size_t history_limit_;
  std::uint64_t revision_ = 1;
  std::uint64_t compacted_ = 0;
  std::map<const ResourceType*, Objects> objects_;
  std::deque<Change> history_;
  std::vector<std::function<void(const Change&)>> subscribers_;
};

std::string object_key(std::string_view name_space, std::string_view name);

}  // namespace headwind::fake
