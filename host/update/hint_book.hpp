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
  struct Entry {
    Hint hint;
    std::string digest;                    // confirmed by the registry; empty until then
    bool confirming = false;               // a look-up is under way
    bool again = false;                    // came once more meanwhile: ask the registry and reconcile once more
    std::optional<std::int64_t> asked_ms;  // when (mono_ms) the tag was last confirmed, for an earlier entry too
    bool from_start = false;  // was in the inbox when we started: the world may have moved on (decisions 11)
    std::set<inventory::WorkloadKey> waiting;  // workloads that are not done with it

    bool confirmed() const { return !digest.empty(); }
  };

  // Adds the hint or marks the known one "again". True where there is something new to write down.
  bool take(const Hint& hint, bool from_start);
  Entry* find(const std::string& key);
  // Confirmed entries of `repository` that still wait for `workload`.
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
