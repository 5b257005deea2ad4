// SPDX-License-Identifier: Apache-2.0
// The way back from worker threads to the executor. After `close` nothing touches the executor again, so a call that
// comes back after its host is gone harms nobody.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/async.hpp"
#include "plugin/workers.hpp"

namespace headwind::plugin {

class Completions : public std::enable_shared_from_this<Completions> {
 public:
  explicit Completions(Executor executor) : executor_(std::move(executor)) {}
  // Wakes the frame's waiter, together with those of all frames that end until the executor gets to it.
  void post(FramePtr frame);
  // Runs `job` with the executor, on its thread. False when closed.
  bool run(std::function<void(const Executor&)> job);
  void close();

 private:
  void drain();

  Executor executor_;
  std::mutex mutex_;
  std::vector<FramePtr> ended_;
  bool scheduled_ = false, closed_ = false;
};

}  // namespace headwind::plugin
