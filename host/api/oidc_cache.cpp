// SPDX-License-Identifier: Apache-2.0
#include "api/oidc_cache.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "telemetry/log.hpp"

namespace headwind::api {
namespace {

constexpr std::int64_t kStaleAfterMs = 3'600'000;
constexpr std::int64_t kUselessAfterMs = 24 * kStaleAfterMs;
constexpr std::int64_t kPauseMs = 30'000;
constexpr std::int64_t kPauseAfterFailureMs = 5'000;

}  // namespace

// However the question ends, by an exception too: those who wait go on, and it may be asked again.
struct KeyCache::Landing {
  KeyCache& cache;
  ~Landing() {
    const std::shared_ptr<update::Signal> flight = std::move(cache.flight_);
    cache.flight_ = nullptr;
    flight->notify();
  }
};

KeyCache::KeyCache(std::string url, KeyFetcher fetch, const Clock& clock)
    : url_(std::move(url)), fetch_(std::move(fetch)), clock_(clock), next_ms_(clock.mono_ms()) {}

bool KeyCache::may_ask() const { return flight_ != nullptr || clock_.mono_ms() >= next_ms_; }

bool KeyCache::is_older_than(std::int64_t milliseconds) const {
  return keys_ == nullptr || clock_.mono_ms() - fetched_ms_ > milliseconds;
}

Task<Result<std::shared_ptr<const KeySet>>> KeyCache::keys(std::string key_id) {
  const bool wanted = is_older_than(kStaleAfterMs) || !keys_->has(key_id);
  if (wanted && may_ask()) co_await refresh();
  if (is_older_than(kUselessAfterMs)) {
    Error error = make_error(Code::unavailable, "The keys that this webhook's tokens are signed with cannot be read" +
                                                    (trouble_ ? ": " + trouble_->message : std::string(".")));
    error.retry_after = std::chrono::milliseconds(std::max<std::int64_t>(next_ms_ - clock_.mono_ms(), 1'000));
    co_return error;
  }
  co_return keys_;
}

Task<> KeyCache::refresh() {
  const Executor executor = co_await boost::asio::this_coro::executor;
  if (const std::shared_ptr<update::Signal> flight = flight_) {
    co_await flight->wait();
    co_return;
  }
  flight_ = std::make_shared<update::Signal>(executor);
  const Landing landing{*this};
  next_ms_ = clock_.mono_ms() + kPauseAfterFailureMs;
  const Result<std::string> body = co_await fetch_(url_);
  Result<KeySet> read = body ? KeySet::parse(*body) : Result<KeySet>(body.error());
  if (!read) {
    trouble_ = in_context(read.error(), url_);
    telemetry::warn("api", "keys of webhook tokens not read", {{"url", url_}, {"error", read.error().message}});
    next_ms_ = clock_.mono_ms() + kPauseAfterFailureMs;
    co_return;
  }
  keys_ = std::make_shared<const KeySet>(std::move(*read));
  trouble_.reset();
  fetched_ms_ = clock_.mono_ms();
  next_ms_ = fetched_ms_ + kPauseMs;
}

}  // namespace headwind::api
