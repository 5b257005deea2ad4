// SPDX-License-Identifier: Apache-2.0
// Bearer tokens until they expire. Of several threads that miss the same one, one fetches and the others wait for it.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "registries/core/token_server.hpp"

namespace headwind::registries {

class TokenCache {
 public:
  explicit TokenCache(std::size_t most = 4096) : most_(most) {}

  // A token for the key, by `fetch` where none is at hand that is still good at `now_mono_ms` and is not `refused`.
  // A failed fetch is told to those who waited for it; nothing of it is kept.
  Outcome<std::string> get(const std::string& key, std::string_view refused, std::int64_t now_mono_ms,
                           const std::function<Outcome<Token>()>& fetch);
  std::size_t size() const;

 private:
  struct Slot {
    Token token;
    bool fetching = false;
    std::uint64_t fetched = 0;  // how often
    std::optional<Failure> failure;
  };
  std::shared_ptr<Slot> slot(const std::string& key, std::int64_t now_mono_ms);
  Outcome<std::string> fetch_into(const std::shared_ptr<Slot>& slot, const std::function<Outcome<Token>()>& fetch,
                                  std::unique_lock<std::mutex>& lock);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable fetched_;
  std::map<std::string, std::shared_ptr<Slot>> slots_;
};

}  // namespace headwind::registries
