// SPDX-License-Identifier: Apache-2.0
#include "plugin/http_reply.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>
#include <utility>

namespace headwind::plugin {
namespace asio = boost::asio;

// The timer belongs to the coroutine: a worker that never comes back must not hold on to an event loop.
struct HttpReply::Sleep {
  Sleep(HttpReply& reply, const Executor& executor) : owner(reply), timer(executor) { owner.sleep_ = this; }
  ~Sleep() { owner.sleep_ = nullptr; }
  Sleep(const Sleep&) = delete;
  Sleep& operator=(const Sleep&) = delete;

  HttpReply& owner;
  asio::steady_timer timer;
};

bool HttpReply::put(const net::Response& head, std::string_view piece) {
  const std::lock_guard lock(mutex_);
  if (left_) return false;
  if (!std::exchange(begun_, true)) part_.head = net::Response{head.status, head.headers, {}};
  part_.bytes += piece;
  arrived_.notify_one();
  return true;
}

Task<> HttpReply::room(std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (left_ || part_.bytes.size() < window || std::chrono::steady_clock::now() >= deadline) co_return;
      sleeping_ = true;
    }
    const auto executor = co_await asio::this_coro::executor;
    Sleep sleep(*this, executor);
    sleep.timer.expires_at(deadline);
    boost::system::error_code woken;
    co_await sleep.timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

void HttpReply::settle(Result<net::Response> answer) {
  const std::lock_guard lock(mutex_);
  part_.end = std::move(answer);
  arrived_.notify_one();
}

std::optional<HttpReply::Part> HttpReply::next(const Frame& frame) {
  std::unique_lock lock(mutex_);
  const auto waits = [this] { return !part_.bytes.empty() || part_.end; };
  // The deadline is exact; that the host stops is looked up now and then.
  while (!waits() && !frame.cancelled())
    arrived_.wait_for(lock, std::min(frame.left() + std::chrono::milliseconds(1), std::chrono::milliseconds(100)));
  if (!waits()) return std::nullopt;
  Part part = std::exchange(part_, {});
  const bool sleeping = std::exchange(sleeping_, false);
  lock.unlock();
  if (sleeping) wake();
  return part;
}

void HttpReply::leave() noexcept {
  try {
    std::unique_lock lock(mutex_);
    left_ = true;
    const bool sleeping = std::exchange(sleeping_, false);
    lock.unlock();
    if (sleeping) wake();
  } catch (const std::bad_alloc&) {  // then it sleeps until its deadline
  }
}

void HttpReply::wake() {
  loop_->run([self = shared_from_this()](const Executor&) {
    if (self->sleep_ != nullptr) self->sleep_->timer.cancel();
  });
}

}  // namespace headwind::plugin
