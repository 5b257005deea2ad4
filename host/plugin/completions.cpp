// SPDX-License-Identifier: Apache-2.0
#include "plugin/completions.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "plugin/frame.hpp"
#include "plugin/waiter.hpp"

namespace headwind::plugin {

void Completions::post(FramePtr frame) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  ended_.push_back(std::move(frame));
  if (std::exchange(scheduled_, true)) return;
  boost::asio::post(executor_, [self = shared_from_this()] { self->drain(); });
}

void Completions::drain() {
  std::vector<FramePtr> ended;
  {
    const std::lock_guard lock(mutex_);
    scheduled_ = false;
    ended.swap(ended_);
  }
  for (const FramePtr& frame : ended) {
    const std::shared_ptr<Waiter> waiter = frame->waiter.lock();
    if (!waiter) continue;
    boost::asio::dispatch(waiter->timer.get_executor(), [waiter] { waiter->timer.cancel(); });
  }
}

bool Completions::run(std::function<void(const Executor&)> job) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  boost::asio::post(executor_, [self = shared_from_this(), job = std::move(job)] { job(self->executor_); });
  return true;
}

void Completions::close() {
  std::vector<FramePtr> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(ended_);
}

}  // namespace headwind::plugin
