// SPDX-License-Identifier: Apache-2.0
// What the connections of one server share. Inner header of net/: it includes Asio.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <unordered_set>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/response_text.hpp"
#include "net/server.hpp"
#include "net/server_tls.hpp"

namespace headwind::net {

class Session;
using TimePoint = std::chrono::steady_clock::time_point;

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(Executor executor, ServerOptions options, Handler handler);

  // The certificate, and the port, which is ours then; open() also listens there.
  Result<> bind();
  Result<> open();
  static Task<> accept(std::shared_ptr<Listener> self);
  static Task<> drain(std::shared_ptr<Listener> self, std::chrono::milliseconds grace);
  // Stops accepting and closes every connection.
  void close();

  const Executor& executor() const { return executor_; }
  const ServerOptions& options() const { return options_; }
  const Handler& handler() const { return handler_; }
  DateText& date() { return date_; }
  ServerTls::Context tls_context() { return tls_ ? tls_->context() : nullptr; }
  std::uint16_t port() const;
  bool draining() const { return draining_; }
  bool closed() const { return closed_; }
  void add(Session& session);
  void remove(Session& session);

 private:
  static void start(const std::shared_ptr<Listener>& self, boost::asio::ip::tcp::socket socket);
  void accept_backlog();
  void stop_accepting();
  void sweep();

  Executor executor_;
  ServerOptions options_;
  Handler handler_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::optional<ServerTls> tls_;
  DateText date_;
  std::unordered_set<Session*> sessions_;
  boost::asio::steady_timer sweep_, room_, empty_;  // the last two are bells: cancelled to wake who waits
  std::chrono::milliseconds sweep_interval_;
  bool sweeping_ = false;
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace headwind::net
