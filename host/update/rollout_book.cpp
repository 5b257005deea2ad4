// SPDX-License-Identifier: Apache-2.0
#include "update/rollout_book.hpp"

#include <algorithm>
#include <utility>

namespace headwind::update {

// How many are under way, and how many each namespace has.
struct RolloutBook::Count {
  std::size_t all = 0;
  std::map<Symbol, std::size_t> by_namespace;

  void add(const inventory::WorkloadKey& key) { ++all, ++by_namespace[key.name_space]; }
  bool has_room(const Caps& caps, const inventory::WorkloadKey& key) {
    return (caps.all == 0 || all < caps.all) &&
           (caps.per_namespace == 0 || by_namespace[key.name_space] < caps.per_namespace);
  }
};

FollowedRollout* RolloutBook::find(const inventory::WorkloadKey& key) {
  const auto found = followed_.find(key);
  return found == followed_.end() ? nullptr : &found->second;
}

void RolloutBook::follow(const inventory::WorkloadKey& key, FollowedRollout rollout) {
  followed_.insert_or_assign(key, std::move(rollout));
  admitted_.erase(key);
}

bool RolloutBook::leave(const inventory::WorkloadKey& key) { return followed_.erase(key) > 0; }

void RolloutBook::conclude(const inventory::WorkloadKey& key, std::int64_t patched_ms) {
  std::int64_t& last = concluded_[key];
  last = std::max(last, patched_ms);
}

bool RolloutBook::is_concluded(const inventory::WorkloadKey& key, std::int64_t patched_ms) const {
  const auto last = concluded_.find(key);
  return last != concluded_.end() && patched_ms <= last->second;
}

void RolloutBook::forget(const inventory::WorkloadKey& key) {
  leave(key);
  concluded_.erase(key);
  admitted_.erase(key);
  stop_waiting(key);
}

RolloutBook::Count RolloutBook::count_without(const inventory::WorkloadKey& key) const {
  Count count;
  for (const auto& [other, rollout] : followed_)
    if (other != key && !rollout.judge.held() && !rollout.told_unseen && !admitted_.contains(other)) count.add(other);
  for (const inventory::WorkloadKey& other : admitted_)
    if (other != key) count.add(other);
  return count;
}

bool RolloutBook::admit(const inventory::WorkloadKey& key) {
  if (caps_.all == 0 && caps_.per_namespace == 0) return true;
  if (std::find(waiting_.begin(), waiting_.end(), key) == waiting_.end()) waiting_.push_back(key);
  Count count = count_without(key);
  for (const inventory::WorkloadKey& next : waiting_) {
    const bool room = count.has_room(caps_, next);
    if (next == key) {
      if (!room) return false;
      stop_waiting(key);
      admitted_.insert(key);
      return true;
    }
    if (room) count.add(next);  // who came first goes first
  }
  return false;
}

void RolloutBook::give_back(const inventory::WorkloadKey& key) { admitted_.erase(key); }

void RolloutBook::stop_waiting(const inventory::WorkloadKey& key) { std::erase(waiting_, key); }

std::size_t RolloutBook::position(const inventory::WorkloadKey& key) const {
  const auto found = std::find(waiting_.begin(), waiting_.end(), key);
  return found == waiting_.end() ? 0 : static_cast<std::size_t>(found - waiting_.begin()) + 1;
}

std::vector<inventory::WorkloadKey> RolloutBook::admissible() const {
  std::vector<inventory::WorkloadKey> result;
  if (waiting_.empty()) return result;  // asked after each look; a push may have a thousand under way
  Count count = count_without({});
  for (const inventory::WorkloadKey& next : waiting_) {
    if (!count.has_room(caps_, next)) continue;
    count.add(next);
    result.push_back(next);
  }
  return result;
}

std::size_t RolloutBook::under_way() const { return count_without({}).all; }

}  // namespace headwind::update
