// SPDX-License-Identifier: Apache-2.0
#include "inventory/inventory.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace headwind::inventory {
namespace {

bool number(std::string_view text, std::uint64_t& value) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size();
}

}  // namespace

bool is_older(std::string_view left, std::string_view right) {
  std::uint64_t l = 0, r = 0;
  return number(left, l) && number(right, r) && l < r;
}

void Inventory::expect(Symbol kind) { kinds_.try_emplace(kind); }

void Inventory::begin(Symbol kind) { ++kinds_[kind].generation; }

std::vector<Workload> Inventory::finish(Symbol kind) {
  KindState& state = kinds_[kind];
  state.listed = true;
  std::vector<Workload> gone;
  for (auto it = workloads_.begin(); it != workloads_.end();) {
    if (it->first.kind == kind && it->second.generation != state.generation) {
      unindex(it->second.workload);
      gone.push_back(std::move(it->second.workload));
      it = workloads_.erase(it);
      --state.count;
    } else {
      ++it;
    }
  }
  return gone;
}

Inventory::Change Inventory::upsert(Workload workload) {
  KindState& state = kinds_[workload.key.kind];
  Change change;
  const auto [it, added] = workloads_.try_emplace(workload.key);
  Entry& entry = it->second;
  entry.generation = state.generation;
  if (added) {
    ++state.count;
  } else {
    // A patch's answer and the watch race: what is older than the known state says nothing new.
    const bool same = entry.workload.uid == workload.uid;
    // The same object may be read anew, when something that it refers to has changed, or as another version of its
    // kind.
    const bool read_anew = entry.workload.resource_version == workload.resource_version &&
                           (entry.workload.api_version != workload.api_version ||
                            entry.workload.slots != workload.slots || entry.workload.access != workload.access ||
                            entry.workload.owner != workload.owner || entry.workload.unread != workload.unread);
    if (same && !read_anew && !is_older(entry.workload.resource_version, workload.resource_version)) return change;
    unindex(entry.workload);
    change.before = std::move(entry.workload);
  }
  entry.workload = std::move(workload);
  entry.workload.slots.shrink_to_fit();
  entry.workload.annotations.shrink_to_fit();
  index(entry.workload);
  change.stored = true;
  return change;
}

std::optional<Workload> Inventory::remove(const WorkloadKey& key) {
  const auto it = workloads_.find(key);
  if (it == workloads_.end()) return std::nullopt;
  unindex(it->second.workload);
  std::optional<Workload> gone = std::move(it->second.workload);
  workloads_.erase(it);
  --kinds_[gone->key.kind].count;
  return gone;
}

const Workload* Inventory::find(const WorkloadKey& key) const {
  const auto it = workloads_.find(key);
  return it == workloads_.end() ? nullptr : &it->second.workload;
}

std::vector<WorkloadKey> Inventory::using_repository(std::string_view repository) const {
  const auto it = by_repository_.find(repository);
  if (it == by_repository_.end()) return {};
  std::vector<WorkloadKey> keys;
  keys.reserve(it->second.size());
  for (const Workload* workload : it->second) keys.push_back(workload->key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::vector<WorkloadKey> Inventory::all() const {
  std::vector<WorkloadKey> keys;
  keys.reserve(workloads_.size());
  for (const auto& [key, entry] : workloads_) keys.push_back(key);
  return keys;
}

std::size_t Inventory::count(Symbol kind) const {
  const auto it = kinds_.find(kind);
  return it == kinds_.end() ? 0 : it->second.count;
}

bool Inventory::expects(std::string_view kind) const { return Symbol::exists(kind) && kinds_.contains(Symbol(kind)); }

std::vector<Symbol> Inventory::kinds() const {
  std::vector<Symbol> all;
  for (const auto& [kind, state] : kinds_) all.push_back(kind);
  return all;
}

bool Inventory::complete() const {
  return std::all_of(kinds_.begin(), kinds_.end(), [](const auto& kind) { return kind.second.listed; });
}

void Inventory::index(const Workload& workload) {
  for (const Slot& slot : workload.slots)
    if (!slot.repository.empty()) by_repository_[slot.repository].insert(&workload);
}

void Inventory::unindex(const Workload& workload) {
  for (const Slot& slot : workload.slots) {
    const auto it = by_repository_.find(slot.repository);
    if (it == by_repository_.end()) continue;
    it->second.erase(&workload);
    if (it->second.empty()) by_repository_.erase(it);
  }
}

}  // namespace headwind::inventory
