// SPDX-License-Identifier: Apache-2.0
#include "net/pool.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace headwind::net {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// Lives in the frame of the coroutine that waits.
struct Pool::Waiter {
  Pool& pool;
  Host& host;
  asio::steady_timer turn;
  std::list<Waiter*>::iterator place;
  enum class State : std::uint8_t {
    queued,   // in the host's list
    granted,  // out of the list and counted in `in_use`, but not awake yet
    leased    // its place in `in_use` belongs to a lease now
  } state = State::queued;

  Waiter(Pool& owner, Host& at, TimePoint deadline);
  ~Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
};

struct Pool::Host {
  Key key;
  std::shared_ptr<const TlsSettings> settings;  // keeps the address in `key` from being another object's
  std::vector<Idle> idle;                       // the most recently used last
  std::size_t in_use = 0;
  std::list<Waiter*> waiters;
};

Pool::Waiter::Waiter(Pool& owner, Host& at, TimePoint deadline)
    : pool(owner), host(at), turn(owner.executor_, deadline), place(at.waiters.insert(at.waiters.end(), this)) {}

Pool::Waiter::~Waiter() {
  if (state == State::granted) {
    pool.release(host, nullptr);
  } else if (state == State::queued) {
    host.waiters.erase(place);
    pool.drop_if_unused(host);
  }
}

Pool::Lease::Lease(Lease&& other) noexcept
    : connection(std::move(other.connection)),
      pool_(std::move(other.pool_)),
      host_(std::exchange(other.host_, nullptr)),
      keep_(other.keep_) {}

Pool::Lease::~Lease() {
  if (host_ == nullptr) return;
  if (connection && !keep_) connection->close();
  pool_->release(*host_, keep_ ? std::move(connection) : nullptr);
}

Pool::Pool(Executor executor, std::size_t connections_per_host, std::chrono::milliseconds idle_timeout)
    : executor_(std::move(executor)),
      limit_(std::max<std::size_t>(connections_per_host, 1)),
      idle_timeout_(idle_timeout),
      reaper_(executor_) {}

Pool::~Pool() = default;

Task<Result<Pool::Lease>> Pool::acquire(Key key, std::shared_ptr<const TlsSettings> settings, TimePoint deadline) {
  const std::shared_ptr<Pool> self = shared_from_this();
  auto& slot = hosts_[key];
  if (!slot) slot = std::make_unique<Host>(Host{std::move(key), std::move(settings), {}, 0, {}});
  Host& host = *slot;

  if (host.in_use < limit_ && host.waiters.empty()) {
    ++host.in_use;
  } else {
    Waiter waiter(*this, host, deadline);
    boost::system::error_code woken;
    co_await waiter.turn.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (waiter.state != Waiter::State::granted)
      co_return make_error(Code::cancelled, "no connection became free within the time allowed; " +
                                                std::to_string(limit_) + " exchanges with that server are under way");
    waiter.state = Waiter::State::leased;
  }

  Lease lease(self, &host);
  while (!host.idle.empty() && !lease.connection) {
    lease.connection = std::move(host.idle.back().connection);
    host.idle.pop_back();
    if (lease.connection->stream().is_quiet()) break;
    lease.connection->close();
    lease.connection.reset();
  }
  co_return std::move(lease);
}

void Pool::release(Host& host, std::shared_ptr<Connection> kept) {
  if (kept && !closed_) {
    kept->expect_nothing();
    const auto now = Clock::now();
    host.idle.push_back({std::move(kept), now});
    if (!watching_) watch_idle(now + idle_timeout_);
  } else if (kept) {
    kept->close();
  }
  if (!host.waiters.empty()) {
    Waiter& next = *host.waiters.front();
    host.waiters.pop_front();
    next.state = Waiter::State::granted;
    next.turn.cancel();
    return;
  }
  --host.in_use;
  drop_if_unused(host);
}

void Pool::drop_if_unused(Host& host) {
  if (host.in_use == 0 && host.idle.empty() && host.waiters.empty()) hosts_.erase(Key(host.key));
}

void Pool::close() {
  closed_ = true;
  watching_ = false;
  reaper_.cancel();
  for (auto at = hosts_.begin(); at != hosts_.end();) {
    Host& host = *(at++)->second;
    for (Idle& idle : host.idle) idle.connection->close();
    host.idle.clear();
    drop_if_unused(host);
  }
}

void Pool::watch_idle(TimePoint at) {
  watching_ = true;
  reaper_.expires_at(at);
  reaper_.async_wait([weak = weak_from_this()](const boost::system::error_code& cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self) self->reap();
  });
}

void Pool::reap() {
  watching_ = false;
  if (closed_) return;
  const auto now = Clock::now();
  TimePoint next = TimePoint::max();
  for (auto at = hosts_.begin(); at != hosts_.end();) {
    Host& host = *(at++)->second;
    std::erase_if(host.idle, [&](const Idle& idle) {
      if (idle.since + idle_timeout_ > now) return false;
      idle.connection->close();
      return true;
    });
    for (const Idle& idle : host.idle) next = std::min(next, idle.since + idle_timeout_);
    drop_if_unused(host);
  }
  if (next != TimePoint::max()) watch_idle(next);
}

}  // namespace headwind::net
