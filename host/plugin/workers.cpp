// SPDX-License-Identifier: Apache-2.0
#include "plugin/workers.hpp"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "plugin/completions.hpp"
#include "plugin/frame.hpp"

namespace headwind::plugin {
namespace {
constexpr std::chrono::seconds kIdle{30};
}  // namespace

bool Workers::submit(FramePtr frame) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  queue_.push_back(std::move(frame));
  if (queue_.size() > idle_ && threads_ < most_ && !start_locked() && threads_ == 0) {
    queue_.pop_back();
    return false;
  }
  if (idle_ == 0 || waking_) return true;
  if (loop_ == nullptr) {
    wake_.notify_one();
    return true;
  }
  waking_ = loop_->run([self = shared_from_this()](const Executor&) { self->wake(); });
  if (!waking_) wake_.notify_one();
  return true;
}

void Workers::wake() {
  const std::lock_guard lock(mutex_);
  waking_ = false;
  for (std::size_t woken = 0; woken < std::min(queue_.size(), idle_); ++woken) wake_.notify_one();
}

bool Workers::start_locked() {
  try {
    std::thread([self = shared_from_this()] { self->work(); }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  ++threads_;
  return true;
}

void Workers::replace() {
  const std::lock_guard lock(mutex_);
  --threads_;
  if (!closed_ && queue_.size() > idle_ && threads_ < most_) start_locked();
}

void Workers::close() {
  std::deque<FramePtr> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(queue_);
  wake_.notify_all();
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (queue_.empty()) {
      if (closed_) break;
      ++idle_;
      const bool called = wake_.wait_for(lock, kIdle, [this] { return closed_ || !queue_.empty(); });
      --idle_;
      if (!called) break;
      continue;
    }
    FramePtr frame = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    const bool still_ours = frame->execute();
    frame.reset();
    if (!still_ours) return;  // another thread has taken this one's place
    lock.lock();
  }
  --threads_;
}

bool Lane::submit(FramePtr frame) {
  {
    const std::lock_guard lock(mutex_);
    if (active_ == most_) {
      waiting_.push_back(std::move(frame));
      return true;
    }
    ++active_;
  }
  const std::shared_ptr<Workers> workers = frame->workers;
  if (workers->submit(std::move(frame))) return true;
  const std::lock_guard lock(mutex_);
  --active_;
  return false;
}

void Lane::release() {
  FramePtr next;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      --active_;
      return;
    }
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  const std::shared_ptr<Workers> workers = next->workers;
  workers->submit(std::move(next));  // refused only when the host is gone, and with it whoever waits
}

std::deque<FramePtr> Lane::drain() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace headwind::plugin
