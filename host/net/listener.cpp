// SPDX-License-Identifier: Apache-2.0
#include "net/listener.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

#include "net/session.hpp"
#include "telemetry/log.hpp"

namespace headwind::net {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Tcp = asio::ip::tcp;
using std::chrono::milliseconds;

namespace {

// Often enough for the shortest limit, rarely enough to cost nothing.
milliseconds interval_for(const ServerOptions& options) {
  return std::clamp(std::min(options.read_timeout, options.idle_timeout) / 4, milliseconds(10), milliseconds(1000));
}

std::string name_of(const asio::ip::address& address, std::uint16_t port) {
  return (address.is_v6() ? "[" + address.to_string() + "]" : address.to_string()) + ":" + std::to_string(port);
}

Result<> outcome(const std::string& name, const ErrorCode& failure) {
  if (!failure) return {};
  if (failure == asio::error::address_in_use)
    return make_error(Code::conflict, "cannot listen on " + name +
                                          ": the port is taken by another program; stop that " +
                                          "program or configure another port");
  if (failure == asio::error::access_denied)
    return make_error(Code::denied, "cannot listen on " + name + ": not permitted; use a port above 1023");
  return make_error(Code::unavailable, "cannot listen on " + name + " (" + failure.message() + ")");
}

}  // namespace

Listener::Listener(Executor executor, ServerOptions options, Handler handler)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      handler_(std::move(handler)),
      acceptor_(executor_),
      sweep_(executor_),
      room_(executor_),
      empty_(executor_),
      sweep_interval_(interval_for(options_)) {}

Result<> Listener::bind() {
  if (options_.certificate_file.empty() != options_.key_file.empty())
    return make_error(Code::invalid, "a server needs both a certificate file and a key file, or neither");
  if (!options_.certificate_file.empty()) {
    Result<ServerTls> tls = ServerTls::load(options_.certificate_file, options_.key_file);
    if (!tls) return tls.error();
    tls_.emplace(std::move(*tls));
  }
  ErrorCode failure;
  const auto address = asio::ip::make_address(options_.address, failure);
  if (failure)
    return make_error(Code::invalid, "cannot listen on '" + options_.address + "': it is not an IP address; give " +
                                         "one like 0.0.0.0, 127.0.0.1 or ::");
  acceptor_.open(address.is_v6() ? Tcp::v6() : Tcp::v4(), failure);
  if (!failure) acceptor_.set_option(Tcp::acceptor::reuse_address(true), failure);
  if (!failure) acceptor_.bind({address, options_.port}, failure);
  return outcome(name_of(address, options_.port), failure);
}

Result<> Listener::open() {
  if (const Result<> bound = bind(); !bound) return bound;
  ErrorCode failure;
  acceptor_.listen(asio::socket_base::max_listen_connections, failure);
  return outcome(name_of(asio::ip::make_address(options_.address), options_.port), failure);
}

std::uint16_t Listener::port() const {
  ErrorCode closed;
  return acceptor_.local_endpoint(closed).port();
}

Task<> Listener::accept(std::shared_ptr<Listener> self) {
  while (self->acceptor_.is_open()) {
    ErrorCode failure;
    if (self->sessions_.size() >= self->options_.max_connections) {
      self->room_.expires_at(TimePoint::max());
      co_await self->room_.async_wait(asio::redirect_error(asio::use_awaitable, failure));
      continue;
    }
    Tcp::socket socket(self->executor_);
    co_await self->acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, failure));
    if (self->closed_ || (failure && !self->acceptor_.is_open())) co_return;
    if (failure) {
      if (failure == asio::error::connection_aborted) continue;
      telemetry::warn("net", "a connection could not be accepted", {{"error", failure.message()}});
      co_await sleep_for(milliseconds(100));  // out of file descriptors, most likely: let some go
      continue;
    }
    start(self, std::move(socket));
  }
}

void Listener::start(const std::shared_ptr<Listener>& self, Tcp::socket socket) {
  spawn(self->executor_, "net session", Session::run(std::make_shared<Session>(self, std::move(socket))));
}

// Connections that the system has made for us but that we have not seen: closing the port would reset them.
void Listener::accept_backlog() {
  ErrorCode none_left;
  if (!acceptor_.is_open()) return;
  acceptor_.non_blocking(true, none_left);
  while (!none_left && sessions_.size() < options_.max_connections) {
    Tcp::socket socket(executor_);
    acceptor_.accept(socket, none_left);
    if (!none_left) start(shared_from_this(), std::move(socket));
  }
}

void Listener::add(Session& session) {
  sessions_.insert(&session);
  if (!sweeping_ && !closed_) sweep();
}

void Listener::remove(Session& session) {
  sessions_.erase(&session);
  room_.cancel();
  if (!sessions_.empty()) return;
  sweep_.cancel();
  sweeping_ = false;
  empty_.cancel();
}

void Listener::sweep() {
  sweeping_ = true;
  sweep_.expires_after(sweep_interval_);
  sweep_.async_wait([weak = weak_from_this()](const ErrorCode& cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self || !self->sweeping_) return;
    const auto now = Clock::now();
    for (Session* session : self->sessions_) session->check(now);
    self->sweep();
  });
}

void Listener::stop_accepting() {
  ErrorCode ignored;
  acceptor_.close(ignored);
  room_.cancel();
}

Task<> Listener::drain(std::shared_ptr<Listener> self, milliseconds grace) {
  self->accept_backlog();
  self->stop_accepting();
  self->draining_ = true;
  // accept() may hold one connection that it has not been woken for.
  co_await asio::post(self->executor_, asio::use_awaitable);
  for (Session* session : self->sessions_) session->close_if_idle();
  const auto until = Clock::now() + grace;
  while (!self->sessions_.empty() && Clock::now() < until) {
    self->empty_.expires_at(until);
    ErrorCode woken;
    co_await self->empty_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  self->close();
}

void Listener::close() {
  closed_ = true;
  stop_accepting();
  for (Session* session : sessions_) session->close();
}

}  // namespace headwind::net
