// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "core/async.hpp"

namespace headwind::update {

// One thing to wait for, on one thread: wait() returns once notify() was called, before or after.
class Signal {
 public:
  explicit Signal(const Executor& executor);
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  Task<> wait();
  void notify();
  bool notified() const { return notified_; }

 private:
  struct Timer;
  std::shared_ptr<Timer> timer_;
  bool notified_ = false;
};

}  // namespace headwind::update
