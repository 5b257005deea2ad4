// SPDX-License-Identifier: Apache-2.0
// Where the webhook notifier of the operator under test posts to.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "call.hpp"
#include "loop_thread.hpp"
#include "net/server.hpp"

namespace headwind::end_to_end {

class Receiver {
 public:
  Receiver();
  ~Receiver();
  std::string url() const;
  void be_slow(std::chrono::milliseconds before_each_answer) { delay_ms_ = before_each_answer.count(); }
  // What arrived about workloads of that namespace, in order.
  std::vector<Json> about(const std::string& name_space) const;
  std::size_t count(const std::string& name_space, const std::string& event) const;

 private:
  Task<net::ServerResponse> receive(net::ServerRequest request);

  std::atomic<std::int64_t> delay_ms_ = 0;
  mutable std::mutex mutex_;
  std::vector<Json> bodies_;
  LoopThread loop_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace headwind::end_to_end
