// SPDX-License-Identifier: Apache-2.0
#include "update/hint_book.hpp"

#include <algorithm>
#include <utility>

namespace headwind::update {
namespace {

constexpr std::int64_t recent_ms = 60'000;
constexpr std::size_t recent_limit = 4096;

}  // namespace

std::size_t stored_size(const Hint& hint) {
  return 160 + hint.repository.size() + hint.tag.size() + hint.digest.size() + hint.trace.size();
}

bool HintBook::take(const Hint& hint, bool from_start) {
  const auto [place, added] = entries_.try_emplace(hint.key());
  Entry& entry = place->second;
  if (!added) {
    const bool news = entry.hint.digest != hint.digest || !entry.in_inbox;
    entry.only.reset();
    if (entry.in_inbox) bytes_ -= stored_size(entry.hint);
    entry.in_inbox = true;
    entry.hint = hint;
    ++entry.announced;
    entry.from_start = entry.from_start && from_start;
    bytes_ += stored_size(hint);
    return news;
  }
  entry.hint = hint;
  entry.from_start = from_start;
  if (const auto before = recent_.find(place->first); before != recent_.end()) entry.asked_ms = before->second.asked_ms;
  by_repository_[Symbol(hint.repository)].insert(place->first);
  bytes_ += stored_size(hint);
  return true;
}

bool HintBook::take_again(const Hint& hint, const std::set<inventory::WorkloadKey>& users) {
  if (Entry* known = find(hint.key())) {
    if (!known->only) return false;
    known->only->insert(users.begin(), users.end());
    ++known->announced;  // who was asked already is asked for them
    return true;
  }
  take(hint, false);
  Entry& entry = entries_.at(hint.key());
  entry.only = users;
  entry.in_inbox = false;
  bytes_ -= stored_size(hint);
  return true;
}

void HintBook::take_in(const std::string& key) {
  Entry* entry = find(key);
  if (entry == nullptr || std::exchange(entry->in_inbox, true)) return;
  bytes_ += stored_size(entry->hint);
}

HintBook::Entry* HintBook::find(const std::string& key) {
  const auto place = entries_.find(key);
  return place == entries_.end() ? nullptr : &place->second;
}

std::vector<const HintBook::Entry*> HintBook::waiting_for(Symbol repository,
                                                          const inventory::WorkloadKey& workload) const {
  std::vector<const Entry*> result;
  const auto keys = by_repository_.find(repository);
  if (keys == by_repository_.end()) return result;
  for (const std::string& key : keys->second) {
    const Entry& entry = entries_.at(key);
    if (entry.waiting.contains(workload)) result.push_back(&entry);
  }
  return result;
}

std::vector<std::string> HintBook::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : entries_) keys.push_back(key);
  return keys;
}

bool HintBook::done(const std::string& key, const inventory::WorkloadKey& workload) {
  Entry* entry = find(key);
  if (entry == nullptr || entry->waiting.erase(workload) == 0) return false;
  if (entry->only) entry->only->erase(workload);
  // Where the registry is still being asked, the last to hear from it lets go.
  return entry->waiting.empty() && entry->under_way == 0;
}

std::vector<std::string> HintBook::left_by(const inventory::WorkloadKey& workload,
                                           const std::vector<Symbol>& repositories) {
  std::vector<std::string> finished;
  for (auto& [key, entry] : entries_) {
    const bool runs =
        std::find(repositories.begin(), repositories.end(), Symbol(entry.hint.repository)) != repositories.end();
    if (!runs && done(key, workload)) finished.push_back(key);
  }
  return finished;
}

void HintBook::erase(const std::string& key, std::int64_t now_ms) {
  const auto place = entries_.find(key);
  if (place == entries_.end()) return;
  const Entry& entry = place->second;
  std::erase_if(recent_, [&](const auto& item) { return now_ms - item.second.at_ms > recent_ms; });
  if (entry.confirmed != 0 && recent_.size() < recent_limit) recent_[key] = {entry.hint.digest, now_ms, entry.asked_ms};
  if (entry.in_inbox) bytes_ -= stored_size(entry.hint);
  const auto keys = by_repository_.find(Symbol(entry.hint.repository));
  keys->second.erase(key);
  if (keys->second.empty()) by_repository_.erase(keys);
  entries_.erase(place);
}

std::optional<std::int64_t> HintBook::oldest_ms() const {
  std::optional<std::int64_t> oldest;
  for (const auto& [key, entry] : entries_)
    if (!oldest || entry.hint.arrived_ms < *oldest) oldest = entry.hint.arrived_ms;
  return oldest;
}

bool HintBook::is_recent(const Hint& hint, std::int64_t now_ms) const {
  const auto found = recent_.find(hint.key());
  return found != recent_.end() && !hint.digest.empty() && found->second.digest == hint.digest &&
         now_ms - found->second.at_ms <= recent_ms;
}

}  // namespace headwind::update
