// SPDX-License-Identifier: Apache-2.0
// The coroutine type of the whole host. Headers need only this, never the rest of Asio.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>

namespace headwind {

template <class T = void>
using Task = boost::asio::awaitable<T>;
using Executor = boost::asio::any_io_executor;

// Starts `task` on `executor` and lets it go. An exception that leaves it is a bug: it is logged to stderr with
// `name` and ends the program, because the state it owned is unknown.
void spawn(const Executor& executor, const char* name, Task<> task);

// Waits on the current executor. Returns early, without error, when the coroutine is cancelled.
Task<> sleep_for(std::chrono::milliseconds duration);

}  // namespace headwind
