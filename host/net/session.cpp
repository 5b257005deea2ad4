// SPDX-License-Identifier: Apache-2.0
#include "net/session.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "telemetry/log.hpp"

namespace headwind::net {
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

// How long, and for how many bytes, we go on reading after an answer that ends the connection: closing with unread
// bytes resets the connection, and the client would lose the answer.
constexpr milliseconds linger_time{2000};
constexpr std::size_t linger_bytes = 16U << 20U;

std::string_view sentence(unsigned status) {
  switch (status) {
    case 408: return "The request did not arrive in time.\n";
    case 413: return "The body of the request is larger than allowed.\n";
    case 500: return "The server failed; its log says why.\n";
    case 431: return "The head of the request is larger than allowed.\n";
    case 505: return "Only HTTP/1.0 and HTTP/1.1 are spoken here.\n";
    default: return "The request is not well-formed HTTP.\n";
  }
}

ServerResponse plain_text(unsigned status, std::string_view text) {
  ServerResponse response;
  response.status = status;
  response.headers.push_back({"Content-Type", "text/plain"});
  response.body = text;
  return response;
}

ServerResponse refusal_of(const ServerOptions& options, unsigned status) {
  std::string_view text = sentence(status);
  if (!options.refusal) return plain_text(status, text);
  text.remove_suffix(1);  // the line's end
  return options.refusal(status, text);
}

std::string address_of(const Stream::Tcp::endpoint& peer) {
  asio::ip::address address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address.to_string();
}

}  // namespace

Session::Session(std::shared_ptr<Listener> listener, Stream::Tcp::socket socket)
    : listener_(std::move(listener)),
      stream_(std::move(socket)),
      reader_(buffer_, {listener_->options().max_header, listener_->options().max_body}) {
  ErrorCode unknown;
  const Stream::Tcp::endpoint peer = stream_.socket().remote_endpoint(unknown);
  if (!unknown) peer_ = address_of(peer), peer_port_ = peer.port();
  listener_->add(*this);
}

Session::~Session() { listener_->remove(*this); }

void Session::enter(Phase phase, milliseconds allowed) {
  phase_ = phase;
  deadline_ = Clock::now() + allowed;
}

void Session::check(TimePoint now) {
  if (now < deadline_) return;
  timed_out_ = true;
  deadline_ = TimePoint::max();
  ErrorCode ignored;
  if (phase_ == Phase::reading) {
    stream_.socket().cancel(ignored);  // read_request() still has something to say
  } else {
    close();
  }
}

void Session::close_if_idle() {
  if (phase_ == Phase::idle && !has_unread()) close();
}

// A request that has arrived but is not read yet is under way, too.
bool Session::has_unread() {
  ErrorCode ignored;
  return stream_.socket().available(ignored) > 0;
}

void Session::close() { stream_.close(); }

Task<> Session::run(std::shared_ptr<Session> self) {
  try {
    co_await self->serve();
  } catch (const std::exception& bug) {
    telemetry::error("net", "a connection ended with an exception", {{"peer", self->peer_}, {"error", bug.what()}});
  }
  self->close();
}

Task<> Session::serve() {
  stream_.tune();
  if (auto context = listener_->tls_context()) {
    tls_ = true;
    stream_.use_tls(std::move(context));
    enter(Phase::handshake, listener_->options().read_timeout);
    ErrorCode failure;
    co_await stream_.handshake(Stream::Tls::server, failure);
    if (failure) co_return;
  }
  for (bool keep_alive = true; keep_alive; served_ = true) {
    const Progress progress = co_await read_request();
    if (progress == Progress::failed) {
      if (timed_out_) {
        co_await refuse(408);
      } else if (reader_.started()) {
        co_await refuse(reader_.status_of_failure());
      }
    }
    if (progress != Progress::done || listener_->closed()) co_return;

    phase_ = Phase::handling;
    deadline_ = TimePoint::max();
    ResponseFrame frame;
    frame.to_head_request = reader_.request().method == "HEAD";
    frame.http10 = reader_.http10();
    const ServerResponse response = co_await handle();
    // HTTP/1.0 has no chunks: the connection's end is the body's.
    const bool ends_by_closing = response.next_piece && frame.http10;
    keep_alive = frame.keep_alive = reader_.keep_alive() && !listener_->draining() && !ends_by_closing;
    frame.date = listener_->date().now();
    out_.clear();
    if (!append_response(out_, response, frame))
      telemetry::error("net", "a response header was left out: it holds characters that are not allowed");
    bool written = co_await write(out_);
    if (written && response.next_piece && !frame.to_head_request) written = co_await write_pieces(response, frame);
    if (!written) co_return;
    if (out_.capacity() > (256U << 10U)) out_ = {};
  }
}

// Progress::stopped: the client has gone.
Task<Progress> Session::read_request() {
  const ServerOptions& options = listener_->options();
  reader_.start();
  bool told_to_continue = false;
  enter(Phase::idle, served_ ? options.idle_timeout : options.read_timeout);
  for (;;) {
    const Progress progress = buffer_.size() == 0 && !reader_.started() ? Progress::more : reader_.advance();
    if (progress != Progress::more) co_return progress;
    if (phase_ == Phase::idle && reader_.started()) enter(Phase::reading, options.read_timeout);
    if (phase_ == Phase::idle && listener_->draining() && !has_unread()) co_return Progress::stopped;
    if (!told_to_continue && reader_.wants_continue()) {
      told_to_continue = true;
      const bool written = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
      if (!written) co_return Progress::stopped;
      phase_ = Phase::reading;
    }
    ErrorCode failure;
    const std::size_t size = co_await stream_.read_some(prepare(buffer_), failure);
    if (failure) co_return timed_out_&& phase_ == Phase::reading ? Progress::failed : Progress::stopped;
    buffer_.commit(size);
  }
}

Task<ServerResponse> Session::handle() {
  ServerRequest& request = reader_.request();
  request.peer = peer_;
  request.peer_port = peer_port_;
  request.tls = tls_;
  request.http10 = reader_.http10();
  // The path may hold a secret, so it is not logged.
  try {
    co_return co_await listener_->handler()(std::move(request));
  } catch (const std::exception& bug) {
    telemetry::error("net", "a request handler failed", {{"peer", peer_}, {"error", bug.what()}});
  } catch (...) {
    telemetry::error("net", "a request handler failed", {{"peer", peer_}, {"error", "unknown exception"}});
  }
  co_return refusal_of(listener_->options(), 500);
}

Task<bool> Session::write(std::string_view bytes) {
  ErrorCode failure;
  bytes.remove_prefix(stream_.write_now(bytes, failure));
  if (failure || bytes.empty()) co_return !failure;
  enter(Phase::writing, listener_->options().read_timeout);
  co_await stream_.write(bytes, failure);
  co_return !failure;
}

Task<> Session::refuse(unsigned status) {
  ResponseFrame frame;
  frame.keep_alive = false;
  frame.date = listener_->date().now();
  out_.clear();
  append_response(out_, refusal_of(listener_->options(), status), frame);
  const bool written = co_await write(out_);
  if (!written) co_return;
  enter(Phase::writing, std::min(linger_time, listener_->options().read_timeout));
  ErrorCode failure;
  stream_.socket().shutdown(Stream::Tcp::socket::shutdown_send, failure);
  buffer_.clear();
  for (std::size_t left = linger_bytes; !failure && left > 0;) {
    const std::size_t size =
        co_await stream_.socket().async_read_some(prepare(buffer_), asio::redirect_error(asio::use_awaitable, failure));
    left -= std::min(left, size);
  }
}

}  // namespace headwind::net
