// SPDX-License-Identifier: Apache-2.0
#include "plugin/breaker.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace headwind::plugin {
namespace {
constexpr int kFaults = 5;  // in a row
constexpr std::int64_t kLongestRest = 300'000;
}  // namespace

std::optional<Error> Breaker::refusal(std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  if (!drained_.empty()) return make_error(Code::cancelled, drained_);
  if (!bar_.empty()) return make_error(Code::unavailable, bar_);
  if (stuck_ > 0)
    return make_error(Code::unavailable, "it is quarantined, because " + std::to_string(stuck_) +
                                             " of its calls never returned; restart Headwind to free it, and " +
                                             remedy_);
  if (now_ms >= rest_until_ms_) return std::nullopt;
  Error error = make_error(Code::unavailable, "it rests after repeated faults of the plugin; " + remedy_);
  error.retry_after = std::chrono::milliseconds(rest_until_ms_ - now_ms);
  return error;
}

void Breaker::succeed() {
  const std::lock_guard lock(mutex_);
  faults_ = 0;
  rest_ms_ = first_rest_ms_;
}

bool Breaker::fault(std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (now_ms < rest_until_ms_) return false;  // of a call that had started before the rest
  if (++faults_ < kFaults) return false;
  rest_locked(now_ms);
  return true;
}

void Breaker::overrun() {
  const std::lock_guard lock(mutex_);
  ++stuck_;
}

void Breaker::come_back(std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  if (--stuck_ == 0) rest_locked(now_ms);
}

bool Breaker::stuck() const {
  const std::lock_guard lock(mutex_);
  return stuck_ > 0;
}

bool Breaker::quarantined() const {
  const std::lock_guard lock(mutex_);
  return stuck_ > 0 || !bar_.empty();
}

void Breaker::bar(std::string sentence) {
  const std::lock_guard lock(mutex_);
  bar_ = std::move(sentence);
}

void Breaker::free() {
  const std::lock_guard lock(mutex_);
  bar_.clear();
}

bool Breaker::resting(std::int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  return now_ms < rest_until_ms_;
}

void Breaker::drain(std::string sentence) {
  const std::lock_guard lock(mutex_);
  drained_ = std::move(sentence);
}

// After the rest a single further fault brings the next, longer one.
void Breaker::rest_locked(std::int64_t now_ms) {
  faults_ = kFaults - 1;
  rest_until_ms_ = now_ms + rest_ms_;
  rest_ms_ = std::min(rest_ms_ * 2, kLongestRest);
}

}  // namespace headwind::plugin
