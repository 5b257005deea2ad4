// SPDX-License-Identifier: Apache-2.0
// What holds for a while, by key. Bounded: where it is full, what has run out goes, and then everything.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace headwind::registries {

template <class T>
class Remembered {  // safe from several threads
 public:
  std::optional<T> find(const std::string& key, std::int64_t now_mono_ms) const {
    const std::lock_guard lock(mutex_);
    const auto it = entries_.find(key);
    if (it == entries_.end() || it->second.until_mono_ms <= now_mono_ms) return std::nullopt;
    return it->second.value;
  }
  void put(const std::string& key, T value, std::int64_t now_mono_ms, std::int64_t for_ms) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= most_entries && !entries_.contains(key)) {
      std::erase_if(entries_, [&](const auto& entry) { return entry.second.until_mono_ms <= now_mono_ms; });
      if (entries_.size() >= most_entries) entries_.clear();
    }
    entries_.insert_or_assign(key, Entry{std::move(value), now_mono_ms + for_ms});
  }
  void drop(const std::string& key) {
    const std::lock_guard lock(mutex_);
    entries_.erase(key);
  }

 private:
  static constexpr std::size_t most_entries = 4096;
  struct Entry {
    T value;
    std::int64_t until_mono_ms = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace headwind::registries
