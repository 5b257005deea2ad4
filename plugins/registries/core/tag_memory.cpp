// SPDX-License-Identifier: Apache-2.0
#include "registries/core/tag_memory.hpp"

#include <utility>

namespace headwind::registries {

TagMemory::Verdict TagMemory::named(const std::string& key, std::size_t place, bool is_mirror,
                                    const std::string& digest) {
  const std::lock_guard lock(mutex_);
  Entry& tag = at(key);
  if (tag.named.size() <= place) tag.named.resize(place + 1);
  const std::string before = std::exchange(tag.named[place], digest);
  const bool contradicts = !tag.digest.empty() && tag.digest != digest && tag.place != place;
  if (is_mirror && contradicts && before.empty()) return Verdict::unheard;
  if (is_mirror && contradicts && before == digest) return Verdict::behind;
  tag.place = place;
  tag.digest = digest;
  return Verdict::stands;
}

std::size_t TagMemory::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

TagMemory::Entry& TagMemory::at(const std::string& key) {
  if (const auto it = by_key_.find(key); it != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, it->second);
    return entries_.front();
  }
  if (entries_.size() >= most_) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({key, {}, 0, {}});
  by_key_[entries_.front().key] = entries_.begin();
  return entries_.front();
}

}  // namespace headwind::registries
