// SPDX-License-Identifier: Apache-2.0
// Whether an instance may be called. It counts the plugin's own faults only: internal errors, exceptions, bad output,
// overruns. An unavailable or throttling peer is not the plugin's fault.
#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/result.hpp"

namespace headwind::plugin {

class Breaker {
 public:
  // `remedy`: what ends faults of this plugin, for sentences.
  explicit Breaker(std::string remedy, std::chrono::milliseconds first_rest = std::chrono::seconds(10))
      : remedy_(std::move(remedy)), first_rest_ms_(first_rest.count()), rest_ms_(first_rest.count()) {}
  // Why no call may start at `now`, if so. Thread-safe, like all of this class.
  std::optional<Error> refusal(std::int64_t now_ms) const;
  // A call ended without a fault: the count starts anew.
  void succeed();
  // True where this fault makes the instance rest: 10 s, doubling up to 5 minutes while it goes on. Then it is tried
  // again.
  bool fault(std::int64_t now_ms);
  // A call was abandoned: quarantined until it comes back, if ever. Then it rests.
  void overrun();
  void come_back(std::int64_t now_ms);
  bool stuck() const;        // by an overrun
  bool quarantined() const;  // by an overrun or by `bar`
  // No call, and this is why, until it is freed.
  void bar(std::string sentence);
  void free();
  bool resting(std::int64_t now_ms) const;
  // No more calls, and this is why.
  void drain(std::string sentence = "it is being shut down");

 private:
  void rest_locked(std::int64_t now_ms);

  mutable std::mutex mutex_;
  int faults_ = 0;
  int stuck_ = 0;
  std::string drained_, bar_;
  const std::string remedy_;
  const std::int64_t first_rest_ms_;
  std::int64_t rest_ms_;
  std::int64_t rest_until_ms_ = 0;
};

}  // namespace headwind::plugin
