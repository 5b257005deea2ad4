// SPDX-License-Identifier: Apache-2.0
// One value that runs out, fetched by one caller for all.
//
// It is renewed ahead of its end; while somebody does that, or where it fails, the present one serves until its end.
// Callers that have nothing yet wait for the one who fetches, and share what he gets. Nothing is fetched more often
// than once a minute after a success and once in ten seconds after a failure: a value that has run out when it arrives
// is used all the same.
#pragma once
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "registries/core/transport.hpp"

namespace headwind::registries {

template <class T>
struct Lease {
  T value;
  std::int64_t lasts_ms = 0;        // from now
  std::int64_t renew_after_ms = 0;  // sooner than that
};

template <class T>
class Renewed {
 public:
  // `peer`: who gives it, for sentences.
  explicit Renewed(std::string peer) : peer_(std::move(peer)) {}

  // Much shorter than any call may take: whoever waits for another's fetch must not miss a deadline of its own.
  static constexpr std::chrono::seconds longest_wait{10};
  static constexpr std::int64_t least_ms = 60'000, after_failure_ms = 10'000, renew_again_ms = 30'000;

  // `fetch` is called without any lock and answers Outcome<Lease<T>>.
  template <class Fetch>
  Outcome<T> get(Transport& clock, Fetch fetch) {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto now = clock.mono_ms();
      if (held_ && now < held_->renew_at) return held_->value;
      if (!flight_) break;
      if (held_ && now < held_->until) return held_->value;
      const auto flight = flight_;
      if (!settled_.wait_for(lock, longest_wait, [&] { return flight->outcome.has_value(); }))
        return Failure{HW_UNAVAILABLE, "another call waits for access to " + peer_ + ", and is not answered", 0};
      if (*flight->outcome || flight->outcome->failure().code != HW_CANCELLED) return *flight->outcome;
    }
    if (failure_ && clock.mono_ms() < failed_until_) return *failure_;
    const auto flight = flight_ = std::make_shared<Flight>();
    lock.unlock();
    Outcome<Lease<T>> fetched = guarded(fetch);
    lock.lock();
    flight->outcome.emplace(settle(std::move(fetched), clock.mono_ms()));
    flight_.reset();
    settled_.notify_all();
    return *flight->outcome;
  }

  // The peer does not accept `value`. True where another may be had: it is not the one that was fetched just now.
  bool refuse(const T& value, Transport& clock) {
    const std::lock_guard lock(mutex_);
    if (!held_ || !(held_->value == value)) return true;
    if (clock.mono_ms() < held_->since + least_ms) return false;
    held_.reset();
    return true;
  }

 private:
  struct Held {
    T value;
    std::int64_t since = 0, renew_at = 0, until = 0;
  };
  struct Flight {
    std::optional<Outcome<T>> outcome;
  };

  // Those who wait must hear of it whatever happens.
  template <class Fetch>
  Outcome<Lease<T>> guarded(Fetch& fetch) const {
    try {
      return fetch();
    } catch (const std::exception&) {
      return Failure{HW_INTERNAL, "obtaining access to " + peer_ + " failed for lack of memory or by a defect", 0};
    }
  }

  Outcome<T> settle(Outcome<Lease<T>> fetched, std::int64_t now) {
    if (fetched) {
      failure_.reset();
      held_ = Held{std::move(fetched->value), now, now + std::max(least_ms, fetched->renew_after_ms),
                   now + std::max(least_ms, fetched->lasts_ms)};
      return held_->value;
    }
    if (held_ && now < held_->until) {
      held_->renew_at = now + renew_again_ms;
      return held_->value;
    }
    held_.reset();
    if (fetched.failure().code != HW_CANCELLED) {
      failure_ = fetched.failure();
      failed_until_ = now + after_failure_ms;
    }
    return fetched.failure();
  }

  const std::string peer_;
  std::mutex mutex_;
  std::condition_variable settled_;
  std::optional<Held> held_;
  std::shared_ptr<Flight> flight_;
  std::optional<Failure> failure_;
  std::int64_t failed_until_ = 0;
};

}  // namespace headwind::registries
