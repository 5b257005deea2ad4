// SPDX-License-Identifier: Apache-2.0
#include "update/rollout_judge.hpp"

#include <algorithm>

namespace headwind::update {

using State = RolloutView::State;

std::int64_t RolloutJudge::patience(const RolloutLimits& limits) {
  return (std::max<std::int64_t>(limits.retries, 1) - 1) * limits.check_interval.count();
}

void RolloutJudge::see(const RolloutView& view, std::int64_t now_ms) {
  if (!view_ || view_->state != view.state) since_ms_ = now_ms;
  view_ = view;
  const bool stands_still = view.state == State::held;
  if (!stands_still && stopped_since_) {
    stopped_ms_ += std::max<std::int64_t>(0, now_ms - *stopped_since_);
    stopped_since_.reset();
  } else if (stands_still && !stopped_since_) {
    stopped_since_ = now_ms;
  }
}

void RolloutJudge::lose_sight(std::int64_t now_ms) {
  view_.reset();
  if (!stopped_since_) stopped_since_ = now_ms;
}

RolloutVerdict RolloutJudge::judge(const RolloutLimits& limits, std::int64_t now_ms) const {
  if (!view_ || view_->state == State::held) return RolloutVerdict::open;
  const std::int64_t lasted = now_ms - since_ms_;
  if (view_->state == State::done) return lasted >= limits.settle.count() ? RolloutVerdict::done : RolloutVerdict::open;
  if (view_->state == State::failed && lasted >= patience(limits)) return RolloutVerdict::failed;
  return limits.timeout.count() > 0 && now_ms >= deadline(limits) ? RolloutVerdict::late : RolloutVerdict::open;
}

std::optional<std::int64_t> RolloutJudge::next_ms(const RolloutLimits& limits, std::int64_t now_ms) const {
  if (!view_ || view_->state == State::held) return std::nullopt;
  if (view_->state == State::done) return std::max(now_ms, since_ms_ + limits.settle.count());
  std::optional<std::int64_t> due;
  if (limits.timeout.count() > 0) due = deadline(limits);
  if (view_->state == State::failed)
    due = std::min(due.value_or(since_ms_ + patience(limits)), since_ms_ + patience(limits));
  return due ? std::optional(std::max(now_ms, *due)) : std::nullopt;
}

}  // namespace headwind::update
