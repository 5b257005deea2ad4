// SPDX-License-Identifier: Apache-2.0
// When a rollout counts as good or bad: what was seen, and for how long.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "update/ports.hpp"

namespace headwind::update {

struct RolloutLimits {
  std::chrono::milliseconds timeout{300'000};        // headwind.sh/rollback-timeout; 0: none
  std::uint32_t retries = 3;                         // headwind.sh/health-check-retries
  std::chrono::milliseconds check_interval{10'000};  // between two of these looks
  std::chrono::milliseconds settle{10'000};          // done must last that long: a pod may crash after it was ready
};

enum class RolloutVerdict : std::uint8_t { open, done, failed, late };

// One rollout. Times are unix_ms. A failure counts once every look saw it for the time that the retries take, done once
// it has lasted; the time for which it was held does not count, nor does a time in which nothing could be seen.
class RolloutJudge {
 public:
  explicit RolloutJudge(std::int64_t began_ms) : began_ms_(began_ms) {}

  void see(const RolloutView& view, std::int64_t now_ms);
  // What is known is no longer kept up to date: nothing is concluded from it.
  void lose_sight(std::int64_t now_ms);

  RolloutVerdict judge(const RolloutLimits& limits, std::int64_t now_ms) const;
  // When judge() may say something else without another look; nothing where only a look can change it.
  std::optional<std::int64_t> next_ms(const RolloutLimits& limits, std::int64_t now_ms) const;

  const std::optional<RolloutView>& view() const { return view_; }
  bool held() const { return view_ && view_->state == RolloutView::State::held; }

 private:
  std::int64_t deadline(const RolloutLimits& limits) const { return began_ms_ + stopped_ms_ + limits.timeout.count(); }
  static std::int64_t patience(const RolloutLimits& limits);

  std::int64_t began_ms_;
  std::int64_t stopped_ms_ = 0;                // for which its time did not count
  std::optional<std::int64_t> stopped_since_;  // held, or out of sight
  std::optional<RolloutView> view_;
  std::int64_t since_ms_ = 0;  // when view_'s state began
};

}  // namespace headwind::update
