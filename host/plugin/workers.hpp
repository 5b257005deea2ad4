// SPDX-License-Identifier: Apache-2.0
// The threads that enter plugins. They are ours and detached: one that never comes back is written off, not joined.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

namespace headwind::plugin {

class Completions;
class Frame;
using FramePtr = std::shared_ptr<Frame>;

// A queue and at most `most` threads, started when there is work and gone when there has been none for a while.
// A thread drains the queue before it sleeps, so a burst of calls costs few wake-ups.
class Workers : public std::enable_shared_from_this<Workers> {
 public:
  // With `loop`, threads are woken when the event loop has seen to what was ready, not at every call: one wake-up for
  // all the webhooks that it read in one go.
  explicit Workers(std::size_t most, std::shared_ptr<Completions> loop = nullptr)
      : most_(most), loop_(std::move(loop)) {}
  // Any thread. False where not a single thread could be started.
  bool submit(FramePtr frame);
  // A thread was written off with its call: another may take its place.
  void replace();
  // Idle threads end; nothing new is taken.
  void close();

 private:
  bool start_locked();
  void wake();
  void work();

  const std::size_t most_;
  const std::shared_ptr<Completions> loop_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<FramePtr> queue_;
  std::size_t threads_ = 0, idle_ = 0;
  bool closed_ = false, waking_ = false;
};

// At most `most` frames of one instance at work; the others wait here, in order, and hold no thread.
class Lane {
 public:
  explicit Lane(std::size_t most) : most_(most) {}
  // Any thread. False where the workers could not take it.
  bool submit(FramePtr frame);
  // A frame has left: the next one goes.
  void release();
  // What waits, taken out.
  std::deque<FramePtr> drain();

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::deque<FramePtr> waiting_;
  std::size_t active_ = 0;
};

}  // namespace headwind::plugin
