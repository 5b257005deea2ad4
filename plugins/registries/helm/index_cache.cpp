// SPDX-License-Identifier: Apache-2.0
#include "registries/helm/index_cache.hpp"

#include <algorithm>
#include <chrono>

namespace headwind::registries::helm {
namespace {

constexpr std::size_t max_slots = 1024;
// A hundred charts of a repository that is away, or whose index is broken, are one request.
constexpr std::int64_t failure_ms = 5000, longest_failure_ms = 5 * 60 * 1000;
constexpr auto glance = std::chrono::milliseconds(50);  // how often a waiting call looks at its own time

}  // namespace

Outcome<std::shared_ptr<const ChartIndex>> IndexCache::get(const std::string& key, IndexTransport& transport,
                                                           const Fetch& fetch) {
  std::unique_lock lock(mutex_);
  const auto mine = slot(key);
  for (;;) {
    if (!mine->reading && transport.mono_ms() < mine->until_ms) {
      if (mine->failure) return *mine->failure;
      if (mine->index) return mine->index;
    }
    if (!mine->reading) return read(*mine, transport, fetch, lock);
    if (auto failure = wait(*mine, transport, lock)) return *failure;
    // Where its own call was cut short, that says nothing of the repository: the next one tries.
    if (mine->failure && mine->failure->code != HW_CANCELLED) return *mine->failure;
    if (!mine->failure && mine->index) return mine->index;
  }
}

std::optional<Failure> IndexCache::wait(Slot& slot, IndexTransport& transport, std::unique_lock<std::mutex>& lock) {
  const auto before = slot.readings;
  while (slot.readings == before) {
    if (transport.is_out_of_time())
      return Failure{HW_CANCELLED, "another call reads the same index.yaml, and this one ran out of time", 0};
    read_.wait_for(lock, glance);
  }
  return std::nullopt;
}

IndexCache::Found IndexCache::read(Slot& slot, IndexTransport& transport, const Fetch& fetch,
                                   std::unique_lock<std::mutex>& lock) {
  slot.reading = true;
  slot.failure = Failure{HW_CANCELLED, "the reading of its index.yaml was cut short", 0};  // where `fetch` throws
  slot.until_ms = 0;
  const Validators known = slot.index ? slot.validators : Validators();
  lock.unlock();
  struct Done {
    IndexCache& cache;
    Slot& slot;
    std::unique_lock<std::mutex>& lock;
    ~Done() {
      if (!lock.owns_lock()) lock.lock();
      slot.reading = false;
      ++slot.readings;
      cache.read_.notify_all();
    }
  } done{*this, slot, lock};
  auto fetched = fetch(known);
  lock.lock();
  const std::int64_t now = transport.mono_ms();
  if (fetched) return keep(slot, std::move(*fetched), now);
  slot.failure = fetched.failure();
  if (slot.failure->code != HW_CANCELLED)
    slot.until_ms = now + std::clamp(slot.failure->retry_after_ms, failure_ms, longest_failure_ms);
  return *slot.failure;
}

IndexCache::Found IndexCache::keep(Slot& slot, FetchedIndex fetched, std::int64_t now_ms) {
  if (fetched.index) slot.index = std::make_shared<const ChartIndex>(std::move(*fetched.index));
  slot.validators = std::move(fetched.validators);
  slot.failure.reset();
  slot.until_ms = now_ms + freshness_ms_;
  const auto index = slot.index;
  if (index->bytes() > budget_) slot.index.reset();  // used once
  make_room();
  return index;
}

std::shared_ptr<IndexCache::Slot> IndexCache::slot(const std::string& key) {
  auto& found = slots_[key];
  const bool is_new = !found;
  if (is_new) found = std::make_shared<Slot>();
  found->used = ++uses_;
  const auto mine = found;
  if (is_new) make_room();
  return mine;
}

// The least recently used go first, never one that is being read.
void IndexCache::make_room() {
  while (bytes_locked() > budget_ || slots_.size() > max_slots) {
    auto oldest = slots_.end();
    for (auto it = slots_.begin(); it != slots_.end(); ++it)
      if (!it->second->reading && (oldest == slots_.end() || it->second->used < oldest->second->used)) oldest = it;
    if (oldest == slots_.end()) return;
    slots_.erase(oldest);
  }
}

std::size_t IndexCache::bytes_locked() const {
  std::size_t bytes = 0;
  for (const auto& [key, slot] : slots_) bytes += slot->index ? slot->index->bytes() : 0;
  return bytes;
}

std::size_t IndexCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_locked();
}

std::size_t IndexCache::size() const {
  const std::lock_guard lock(mutex_);
  return slots_.size();
}

}  // namespace headwind::registries::helm
