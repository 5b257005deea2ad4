// SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/lookup.hpp"

namespace headwind::net {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

Connection::Connection(const Executor& executor) : stream_(Stream::Tcp::socket(executor)), alarm_(executor) {}

void Connection::expect_by(TimePoint deadline) {
  deadline_ = deadline;
  if (deadline < armed_) arm(deadline);
}

void Connection::arm(TimePoint at) {
  armed_ = at;
  alarm_.expires_at(at);
  alarm_.async_wait([weak = weak_from_this()](const ErrorCode& cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self) return;
    self->armed_ = TimePoint::max();
    if (self->deadline_ == TimePoint::max()) return;
    if (Clock::now() < self->deadline_) {
      self->arm(self->deadline_);
      return;
    }
    self->timed_out_ = true;
    self->interrupt();
  });
}

void Connection::interrupt() {
  interrupted_ = true;
  close();
  if (lookup_ != nullptr) lookup_->interrupt();
}

void Connection::close() {
  stream_.close();
  deadline_ = armed_ = TimePoint::max();
  alarm_.cancel();
}

Task<Result<>> Connection::connect(const Url& url, const std::string& name, TimePoint deadline) {
  expect_by(deadline);
  Result<Lookup::Endpoints> endpoints = Lookup::Endpoints{};
  {
    Lookup lookup(stream_.socket().get_executor(), url.host, url.port);
    struct Registered {
      Lookup*& slot;
      ~Registered() { slot = nullptr; }
    } registered{lookup_ = &lookup};
    endpoints = co_await lookup.wait();
  }
  if (!endpoints) co_return endpoints.error();

  ErrorCode failure;
  for (std::size_t left = endpoints->size(); left > 0; --left) {
    const auto& endpoint = (*endpoints)[endpoints->size() - left];
    timed_out_ = interrupted_ = false;
    const auto now = Clock::now();
    if (now >= deadline) break;
    expect_by(now + (deadline - now) / static_cast<int>(left));
    co_await stream_.socket().async_connect(endpoint, asio::redirect_error(asio::use_awaitable, failure));
    if (!failure) break;
    if (!timed_out_ && (interrupted_ || failure == asio::error::operation_aborted)) break;  // from outside
    stream_.close();
  }
  expect_by(deadline);
  if (timed_out_ || interrupted_ || failure == asio::error::operation_aborted)
    co_return make_error(Code::cancelled, "no connection to " + name + " within the time allowed");
  if (failure)
    co_return make_error(Code::unavailable, "cannot connect to " + name + " (" + failure.message() +
                                                "); check that it runs and that the network lets us reach it");
  stream_.tune();
  co_return Result<>{};
}

Task<Result<>> Connection::secure(const Url& url, const std::string& name, ClientTls::Context context,
                                  const TlsSettings* tls) {
  SSL* layer = stream_.use_tls(std::move(context));
  if (!set_peer_name(layer, url.host, tls))
    co_return make_error(Code::invalid, "the server name for " + name + " cannot be used with TLS");
  ErrorCode failure;
  co_await stream_.handshake(Stream::Tls::client, failure);
  if (timed_out_ || interrupted_ || failure == asio::error::operation_aborted)
    co_return make_error(Code::cancelled, "no TLS handshake with " + name + " within the time allowed");
  if (failure)
    co_return make_error(Code::unavailable, "no TLS connection to " + name + ": " + handshake_failure(layer, failure));
  co_return Result<>{};
}

}  // namespace headwind::net
