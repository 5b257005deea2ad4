// SPDX-License-Identifier: Apache-2.0
#include "update/work_queue.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>
#include <utility>
#include <vector>

#include "core/coroutine_local.hpp"

namespace headwind::update {

struct WorkQueue::Timer {
  explicit Timer(const Executor& executor) : timer(executor) {}
  boost::asio::steady_timer timer;
  std::int64_t armed_for = 0;
};

std::int64_t backoff_ms(unsigned failures) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const std::int64_t base = std::min<std::int64_t>(300'000, 1000LL << std::min(failures, 9U));
  return base - std::uniform_int_distribution<std::int64_t>(0, base / 4)(random);
}

WorkQueue::WorkQueue(Executor executor, const Clock& clock, std::size_t per_lane, std::size_t most, LaneOf lane_of,
                     Handler handler)
    : executor_(std::move(executor)),
      clock_(clock),
      per_lane_(per_lane),
      most_(most),
      lane_of_(std::move(lane_of)),
      handler_(std::move(handler)),
      timer_(std::make_shared<Timer>(executor_)) {}

WorkQueue::~WorkQueue() { timer_->timer.cancel(); }

void WorkQueue::add(const Key& key) {
  if (const auto timed = due_.find(key); timed != due_.end()) {
    by_time_.erase({timed->second, key});
    due_.erase(timed);
  }
  if (active_.contains(key)) {
    again_.insert(key);
    return;
  }
  if (const auto queued = queued_.find(key); queued != queued_.end()) {
    const auto lane = queued->second.lane;
    if (!open_ || lane == lanes_.end() || lane->first == lane_of_(key)) return;
    std::erase(lane->second.ready, key);  // it waits for somebody else now
    if (lane->second.is_empty()) lanes_.erase(lane);
    put(key, queued->second.since_ms);
    return;
  }
  put(key, clock_.mono_ms());
}

void WorkQueue::put(const Key& key, std::int64_t since_ms) {
  if (!open_) {
    queued_.insert_or_assign(key, Queued{lanes_.end(), since_ms});
    early_.push_back(key);
    return;
  }
  const auto lane = lanes_.try_emplace(lane_of_(key)).first;
  queued_.insert_or_assign(key, Queued{lane, since_ms});
  lane->second.ready.push_back(key);
  tell_depth_(depth());
  pump(lane);
}

void WorkQueue::add_at(const Key& key, std::int64_t unix_ms) {
  if (queued_.contains(key)) return;
  const auto [timed, added] = due_.try_emplace(key, unix_ms);
  if (!added) {
    if (timed->second <= unix_ms) return;
    by_time_.erase({timed->second, key});
    timed->second = unix_ms;
  }
  by_time_.insert({unix_ms, key});
  arm();
}

std::int64_t WorkQueue::oldest_ms() const {
  const std::int64_t now = clock_.mono_ms();
  std::int64_t oldest = now;
  for (const auto& [key, queued] : queued_) oldest = std::min(oldest, queued.since_ms);
  return now - oldest;
}

void WorkQueue::forget(const Key& key) {
  failures_.erase(key);
  if (const auto timed = due_.find(key); timed != due_.end()) {
    by_time_.erase({timed->second, key});
    due_.erase(timed);
  }
}

void WorkQueue::open() {
  open_ = true;
  for (const Key& key : std::exchange(early_, {})) {
    const auto queued = queued_.find(key);
    put(key, queued != queued_.end() ? queued->second.since_ms : clock_.mono_ms());
  }
  arm();
}

void WorkQueue::close() {
  open_ = false;
  timer_->timer.cancel();
}

void WorkQueue::pump(Lanes::iterator lane) {
  auto& [ready, running, pumped] = lane->second;
  if (pumped) return;
  pumped = true;
  while (open_ && running < per_lane_ && active_.size() < most_ && !ready.empty()) {
    Key key = std::move(ready.front());
    ready.pop_front();
    queued_.erase(key);
    active_.insert(key);
    ++running;
    const LocalScope own(nullptr);  // not a part of what happens to have added a key just now
    spawn(executor_, "reconcile", work(std::move(key), lane));
  }
  pumped = false;
  capped_ = capped_ || (running < per_lane_ && !ready.empty());
  if (lane->second.is_empty()) lanes_.erase(lane);
}

// All lanes but `last`, which had its turn, from the next one on.
void WorkQueue::pump_others(const std::string& last) {
  capped_ = false;
  std::vector<std::string> names;
  for (auto lane = lanes_.upper_bound(last); lane != lanes_.end(); ++lane) names.push_back(lane->first);
  for (auto lane = lanes_.begin(); lane != lanes_.end() && lane->first < last; ++lane) names.push_back(lane->first);
  for (const std::string& name : names)
    if (const auto lane = lanes_.find(name); lane != lanes_.end()) pump(lane);
}

Task<> WorkQueue::work(Key key, Lanes::iterator lane) {
  // Each key in a turn of its own: thousands that become due at once do not keep probes and calls waiting.
  co_await boost::asio::post(executor_, boost::asio::use_awaitable);
  const Result<> outcome = co_await handler_(key);
  active_.erase(key);
  if (again_.erase(key) != 0) {
    failures_.erase(key);
    add(key);
  } else if (!outcome && outcome.error().retryable) {
    const std::int64_t wait = std::max<std::int64_t>(outcome.error().retry_after.count(), backoff_ms(failures_[key]++));
    add_at(key, clock_.unix_ms() + wait);
  } else {
    failures_.erase(key);
  }
  tell_depth_(depth());
  if (capped_) pump_others(lane->first);
  --lane->second.running;  // no sooner: a lane without keys is erased
  pump(lane);
}

void WorkQueue::arm() {
  if (!open_ || by_time_.empty()) return;
  // At most a minute at a time, so that a clock that is set does not matter.
  const std::int64_t wait = std::clamp<std::int64_t>(by_time_.begin()->first - clock_.unix_ms(), 0, 60'000);
  timer_->timer.expires_after(std::chrono::milliseconds(wait));
  timer_->timer.async_wait([this, timer = timer_](const boost::system::error_code& cancelled) {
    if (!cancelled) wake();
  });
}

void WorkQueue::wake() {
  const std::int64_t now = clock_.unix_ms();
  while (!by_time_.empty() && by_time_.begin()->first <= now) {
    const Key key = by_time_.begin()->second;
    add(key);  // takes it out of due_ and by_time_
  }
  arm();
}

}  // namespace headwind::update
