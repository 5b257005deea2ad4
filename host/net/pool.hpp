// SPDX-License-Identifier: Apache-2.0
// Kept connections and the queue for them, per server. Inner header of net/.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/connection.hpp"
#include "net/proxy.hpp"

namespace headwind::net {

class Pool : public std::enable_shared_from_this<Pool> {
 public:
  struct Key {
    bool tls = false;
    std::string host;
    std::uint16_t port = 0;
    const TlsSettings* settings = nullptr;
    const Proxy* proxy = nullptr;  // null: directly
    auto operator<=>(const Key&) const = default;
  };
  struct Host;

  // The right to one of a host's connections, and that connection. Given back when it is destroyed, also when the
  // coroutine that holds it is.
  class Lease {
   public:
    Lease(std::shared_ptr<Pool> pool, Host* host) : pool_(std::move(pool)), host_(host) {}
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    // Null where none was kept: open one and put it here.
    std::shared_ptr<Connection> connection;
    // The connection is clean; the next exchange may use it.
    void keep() { keep_ = true; }

   private:
    std::shared_ptr<Pool> pool_;
    Host* host_;
    bool keep_ = false;
  };

  Pool(Executor executor, std::size_t connections_per_host, std::chrono::milliseconds idle_timeout);
  ~Pool();

  // Waits its turn, in order of arrival, until `deadline`.
  Task<Result<Lease>> acquire(Key key, std::shared_ptr<const TlsSettings> settings, TimePoint deadline);
  // Drops the idle connections and keeps none any more.
  void close();

 private:
  struct Waiter;
  struct Idle {
    std::shared_ptr<Connection> connection;
    TimePoint since;
  };
  void release(Host& host, std::shared_ptr<Connection> kept);
  void drop_if_unused(Host& host);
  void watch_idle(TimePoint at);
  void reap();

  Executor executor_;
  std::size_t limit_;
  std::chrono::milliseconds idle_timeout_;
  std::map<Key, std::unique_ptr<Host>> hosts_;
  boost::asio::steady_timer reaper_;
  bool watching_ = false;
  bool closed_ = false;
};

}  // namespace headwind::net
