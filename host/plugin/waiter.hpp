// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/steady_timer.hpp>

#include "core/async.hpp"

namespace headwind::plugin {

// A coroutine that waits for a frame, on the coroutine's own executor. It belongs to the coroutine: a frame that is
// never finished must not hold on to an event loop.
struct Waiter {
  explicit Waiter(const Executor& executor) : timer(executor) {}
  boost::asio::steady_timer timer;
};

}  // namespace headwind::plugin
