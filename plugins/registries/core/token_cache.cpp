// SPDX-License-Identifier: Apache-2.0
#include "registries/core/token_cache.hpp"

#include <algorithm>
#include <chrono>

namespace headwind::registries {
namespace {

// Much shorter than any call may take: whoever waits for another's fetch must not miss a deadline of its own.
constexpr auto longest_wait = std::chrono::seconds(10);

}  // namespace

Outcome<std::string> TokenCache::get(const std::string& key, std::string_view refused, std::int64_t now_mono_ms,
                                     const std::function<Outcome<Token>()>& fetch) {
  std::unique_lock lock(mutex_);
  const auto mine = slot(key, now_mono_ms);
  for (;;) {
    const Token& token = mine->token;
    if (!token.value.empty() && token.until_mono_ms > now_mono_ms && token.value != refused) return token.value;
    if (!mine->fetching) break;
    const auto before = mine->fetched;
    if (!fetched_.wait_for(lock, longest_wait, [&] { return mine->fetched != before; }))
      return Failure{HW_UNAVAILABLE, "another call waits for the same token, and its server does not answer", 0};
    if (mine->failure && mine->failure->code != HW_CANCELLED) return *mine->failure;
    // Whatever its life: it is newer than our question.
    if (!mine->failure && mine->token.value != refused) return mine->token.value;
  }
  return fetch_into(mine, fetch, lock);
}

Outcome<std::string> TokenCache::fetch_into(const std::shared_ptr<Slot>& slot,
                                            const std::function<Outcome<Token>()>& fetch,
                                            std::unique_lock<std::mutex>& lock) {
  slot->fetching = true;
  slot->failure = Failure{HW_CANCELLED, "", 0};  // where `fetch` throws
  slot->token = {};
  lock.unlock();
  struct Done {
    TokenCache& cache;
    Slot& slot;
    std::unique_lock<std::mutex>& lock;
    ~Done() {
      if (!lock.owns_lock()) lock.lock();
      slot.fetching = false;
      ++slot.fetched;
      cache.fetched_.notify_all();
    }
  } done{*this, *slot, lock};
  auto token = fetch();
  lock.lock();
  if (!token) {
    slot->failure = token.failure();
    return token.failure();
  }
  slot->failure.reset();
  slot->token = *token;
  return std::move(token->value);
}

std::shared_ptr<TokenCache::Slot> TokenCache::slot(const std::string& key, std::int64_t now_mono_ms) {
  if (const auto it = slots_.find(key); it != slots_.end()) return it->second;
  if (slots_.size() >= most_)
    std::erase_if(slots_, [&](const auto& entry) {
      return !entry.second->fetching && entry.second->token.until_mono_ms <= now_mono_ms;
    });
  if (slots_.size() >= most_)
    slots_.erase(std::min_element(slots_.begin(), slots_.end(), [](const auto& a, const auto& b) {
      return a.second->token.until_mono_ms < b.second->token.until_mono_ms;
    }));
  return slots_[key] = std::make_shared<Slot>();
}

std::size_t TokenCache::size() const {
  const std::lock_guard lock(mutex_);
  return slots_.size();
}

}  // namespace headwind::registries
