// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/symbol.hpp"
#include "inventory/workload.hpp"
#include "update/hint.hpp"

namespace headwind::update {

// The hints that are being dealt with: each from its arrival until every workload it matches is patched, has a
// request, or is refused. Plain state; who confirms, reconciles and writes is elsewhere. Engine thread only.
class HintBook {
 public:
  struct Look {               // asking the registry, under one identity
    std::uint64_t asked = 0;  // of Entry::announced: the last that it asked for
    bool under_way = false;
  };
  struct Entry {
    Hint hint;
    std::uint64_t announced = 1;   // how often it came: who asked the registry before the last time asks again
    std::map<Symbol, Look> looks;  // by the identity of those who use the repository
    std::size_t under_way = 0;     // looks, and those who find out whose are needed
    bool grouping = false, waits_for_identity = false;
    std::uint64_t confirmed = 0;           // of `announced`: the last that somebody saw in the registry
    bool refused = false;                  // somebody did not
    std::optional<std::int64_t> asked_ms;  // when (mono_ms) the tag was last confirmed, for an earlier entry too
    // Workloads that set it aside, look at it again and are not done with it; nobody else does. Absent: all that use
    // it.
    std::optional<std::set<inventory::WorkloadKey>> only = {};
    bool in_inbox = true;     // false: what was set aside is kept in memory alone, and takes no room there
    bool from_start = false;  // was in the inbox when we started: the world may have moved on (decisions 11)
    // Workloads that are not done with it, each with the digest that was seen under its own identity.
    std::map<inventory::WorkloadKey, std::string> waiting;
  };

  // Adds the hint, or counts that the known one came again. True where there is something new to write down.
  bool take(const Hint& hint, bool from_start);
  // Adds a hint that these workloads had set aside, or adds them to those who look at it again already: the registry is
  // to be asked for it. False, and nothing is changed, where it came anew meanwhile.
  bool take_again(const Hint& hint, const std::set<inventory::WorkloadKey>& users);
  // The entry of that key is written to the inbox, too, from now on. Who looks at it stays as it is.
  void take_in(const std::string& key);
  Entry* find(const std::string& key);
  // Entries of `repository` that were confirmed for `workload` and still wait for it.
  std::vector<const Entry*> waiting_for(Symbol repository, const inventory::WorkloadKey& workload) const;
  // Keys of all entries.
  std::vector<std::string> keys() const;

  // `workload` is done with the entry of that key. True where nobody waits any more.
  bool done(const std::string& key, const inventory::WorkloadKey& workload);
  // `workload` now runs `repositories` (none: it is gone) and is done with all other entries; returns the keys for
  // which nobody waits any more.
  std::vector<std::string> left_by(const inventory::WorkloadKey& workload, const std::vector<Symbol>& repositories);
  void erase(const std::string& key, std::int64_t now_ms);

  // Whether an equal hint, digest included, was dealt with in the last minute: then it needs no write.
  bool is_recent(const Hint& hint, std::int64_t now_ms) const;

  // When the oldest of them arrived (unix_ms); nothing: there is none.
  std::optional<std::int64_t> oldest_ms() const;
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }  // of what the inbox holds, about

 private:
  struct Recent {
    std::string digest;
    std::int64_t at_ms = 0;
    std::optional<std::int64_t> asked_ms;
  };
  std::map<std::string, Entry> entries_;
  std::map<Symbol, std::set<std::string>> by_repository_;
  std::map<std::string, Recent> recent_;
  std::size_t bytes_ = 0;
};

// What one hint takes in the inbox's ConfigMap, about.
std::size_t stored_size(const Hint& hint);

}  // namespace headwind::update
