// SPDX-License-Identifier: Apache-2.0
// An event loop on a thread of its own, for the servers of a test that itself waits synchronously.
#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>

#include "core/async.hpp"

namespace headwind::end_to_end {

class LoopThread {
 public:
  LoopThread() : thread_([this] { context_.run(); }) {}
  ~LoopThread() { stop(); }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  Executor executor() { return context_.get_executor(); }
  // Runs `task` on the loop; returns when it has ended.
  void run(Task<> task) {
    std::promise<void> done;
    spawn(executor(), "test", wait_for(std::move(task), done));
    done.get_future().wait();
  }
  // What the loop holds may be destroyed afterwards.
  void stop() {
    guard_.reset();
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  static Task<> wait_for(Task<> task, std::promise<void>& done) {
    co_await std::move(task);
    done.set_value();
  }

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{context_.get_executor()};
  std::thread thread_;
};

}  // namespace headwind::end_to_end
