// SPDX-License-Identifier: Apache-2.0
#include "api/oidc_cache.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "telemetry/log.hpp"

namespace headwind::api {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t kStaleAfterMs = 3'600'000;
constexpr std::int64_t kUselessAfterMs = 24 * kStaleAfterMs;
constexpr std::int64_t kPauseMs = 30'000;
constexpr std::int64_t kPauseAfterFailureMs = 5'000;

}  // namespace

struct KeyCache::Flight {
  explicit Flight(const Executor& executor) : landed(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer landed;  // a bell: cancelled when the answer is there
};

// However the question ends, by an exception too: those who wait go on, and it may be asked again.
struct KeyCache::Landing {
  KeyCache& cache;
  ~Landing() {
    const std::shared_ptr<Flight> flight = std::move(cache.flight_);
    cache.flight_ = nullptr;
    flight->landed.cancel();
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
  const Executor executor = co_await asio::this_coro::executor;
  if (const std::shared_ptr<Flight> flight = flight_) {
    co_await flight->landed.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return;
  }
  flight_ = std::make_shared<Flight>(executor);
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
