// SPDX-License-Identifier: Apache-2.0
#include "core/async.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include "core/coroutine_local.hpp"

namespace headwind {

void spawn(const Executor& executor, const char* name, Task<> task) {
  boost::asio::co_spawn(with_local_value(executor), std::move(task), [name](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& bug) {
      std::fprintf(stderr, "headwind: bug in %s: %s\n", name, bug.what());
    } catch (...) {
      std::fprintf(stderr, "headwind: bug in %s\n", name);
    }
    std::abort();
  });
}

Task<> sleep_for(std::chrono::milliseconds duration) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, duration);
  boost::system::error_code cancelled;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
}

}  // namespace headwind
