// SPDX-License-Identifier: Apache-2.0
#include "update/signal.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace headwind::update {

struct Signal::Timer {
  explicit Timer(const Executor& executor) : timer(executor, boost::asio::steady_timer::time_point::max()) {}
  boost::asio::steady_timer timer;
};

Signal::Signal(const Executor& executor) : timer_(std::make_shared<Timer>(executor)) {}
Signal::~Signal() = default;

Task<> Signal::wait() {
  if (notified_) co_return;
  const auto timer = timer_;  // lives through the wait, whatever becomes of the Signal
  boost::system::error_code cancelled;
  co_await timer->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
}

void Signal::notify() {
  notified_ = true;
  timer_->timer.cancel();
}

}  // namespace headwind::update
