// SPDX-License-Identifier: Apache-2.0
// Indexes by URL and account: each is read once in a while however many of its charts are asked for, and only again
// where it has changed since. Of several calls that miss the same one, one reads and the others wait for it.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "registries/helm/index_fetch.hpp"

namespace headwind::registries::helm {

class IndexCache {  // safe from several threads; each call brings its own transport
 public:
  explicit IndexCache(std::int64_t freshness_ms, std::size_t budget = 64 * 1024 * 1024)
      : freshness_ms_(freshness_ms), budget_(budget) {}

  using Fetch = std::function<Outcome<FetchedIndex>(const Validators& known)>;
  // The index for the key, by `fetch` where none is at hand that is fresh. A failed reading is told to those who waited
  // for it and for 5 s to whoever asks; what was known before is kept, but only to ask whether it still holds.
  Outcome<std::shared_ptr<const ChartIndex>> get(const std::string& key, IndexTransport& transport, const Fetch& fetch);

  std::size_t bytes() const;  // of the indexes; never above the budget
  std::size_t size() const;

 private:
  struct Slot {
    std::shared_ptr<const ChartIndex> index;  // as of the last reading that went well
    Validators validators;
    std::optional<Failure> failure;  // of the last reading
    std::int64_t until_ms = 0;       // how long the last reading holds
    bool reading = false;
    std::uint64_t readings = 0;
    std::uint64_t used = 0;  // a higher number is later
  };
  using Found = Outcome<std::shared_ptr<const ChartIndex>>;

  std::shared_ptr<Slot> slot(const std::string& key);
  std::optional<Failure> wait(Slot& slot, IndexTransport& transport, std::unique_lock<std::mutex>& lock);
  Found read(Slot& slot, IndexTransport& transport, const Fetch& fetch, std::unique_lock<std::mutex>& lock);
  Found keep(Slot& slot, FetchedIndex fetched, std::int64_t now_ms);
  void make_room();
  std::size_t bytes_locked() const;

  const std::int64_t freshness_ms_;
  const std::size_t budget_;
  mutable std::mutex mutex_;
  std::condition_variable read_;
  std::map<std::string, std::shared_ptr<Slot>> slots_;
  std::uint64_t uses_ = 0;
};

}  // namespace headwind::registries::helm
