// SPDX-License-Identifier: Apache-2.0
// Which workloads run which repository. Owned by the engine's thread: no locks.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "inventory/workload.hpp"

namespace headwind::inventory {

class Inventory {
 public:
  // A kind takes part from now on; until its first list has finished, complete() is false.
  void expect(Symbol kind);
  // A list of `kind` begins: a new generation. What the list does not bring is dropped by finish().
  void begin(Symbol kind);
  // Workloads that the finished list did not bring, now gone.
  std::vector<Workload> finish(Symbol kind);

  // Stores `workload` unless what is known is newer (by resourceVersion, of the same uid).
  // Returns what it replaced; `stored` tells whether it was taken.
  struct Change {
    std::optional<Workload> before;
    bool stored = false;
  };
  Change upsert(Workload workload);
  std::optional<Workload> remove(const WorkloadKey& key);

  const Workload* find(const WorkloadKey& key) const;
  std::vector<WorkloadKey> using_repository(std::string_view repository) const;
  bool uses(std::string_view repository) const { return by_repository_.contains(repository); }
  std::vector<WorkloadKey> all() const;
  std::size_t count(Symbol kind) const;
  std::size_t size() const { return workloads_.size(); }
  bool complete() const;
  bool expects(std::string_view kind) const;  // whether that kind takes part
  std::vector<Symbol> kinds() const;          // those that do, by name

 private:
  struct Entry {
    Workload workload;
    unsigned generation = 0;
  };
  struct KindState {
    unsigned generation = 0;
    std::size_t count = 0;
    bool listed = false;
  };
  void index(const Workload& workload);
  void unindex(const Workload& workload);

  std::map<WorkloadKey, Entry> workloads_;
  struct ByText {  // looks text up without making a Symbol of it: what a stranger names is not kept
    using is_transparent = void;
    bool operator()(std::string_view left, std::string_view right) const { return left < right; }
    bool operator()(Symbol left, Symbol right) const { return left.str() < right.str(); }
    bool operator()(Symbol left, std::string_view right) const { return left.str() < right; }
    bool operator()(std::string_view left, Symbol right) const { return left < right.str(); }
  };
  std::map<Symbol, std::set<const Workload*>, ByText> by_repository_;  // into workloads_: its nodes do not move
  std::map<Symbol, KindState> kinds_;
};

// Whether `left` is an older resourceVersion than `right`; false where either is not a number.
bool is_older(std::string_view left, std::string_view right);

}  // namespace headwind::inventory
