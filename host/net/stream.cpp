// SPDX-License-Identifier: Apache-2.0
#include "net/stream.hpp"

#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace headwind::net {
namespace asio = boost::asio;

SSL* Stream::use_tls(std::shared_ptr<asio::ssl::context> context) {
  if (tls_) {
    inner_context_ = std::move(context);
    inner_ = std::make_unique<TlsInTls>(*tls_, *inner_context_);
    return inner_->native_handle();
  }
  context_ = std::move(context);
  tls_ = std::make_unique<Tls>(socket_, *context_);
  return tls_->native_handle();
}

Task<> Stream::handshake(asio::ssl::stream_base::handshake_type type, ErrorCode& failure) {
  if (inner_) return inner_->async_handshake(type, asio::redirect_error(asio::use_awaitable, failure));
  return tls_->async_handshake(type, asio::redirect_error(asio::use_awaitable, failure));
}

void Stream::tune() {
  ErrorCode ignored;
  socket_.set_option(Tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

Task<std::size_t> Stream::read_some(asio::mutable_buffer into, ErrorCode& failure) {
  if (inner_) return inner_->async_read_some(into, asio::redirect_error(asio::use_awaitable, failure));
  if (tls_) return tls_->async_read_some(into, asio::redirect_error(asio::use_awaitable, failure));
  return socket_.async_read_some(into, asio::redirect_error(asio::use_awaitable, failure));
}

std::size_t Stream::write_now(std::string_view bytes, ErrorCode& failure) {
  if (tls_) return 0;
  const std::size_t size = socket_.write_some(asio::buffer(bytes), failure);
  if (failure == asio::error::would_block || failure == asio::error::try_again) failure.clear();
  return size;
}

Task<> Stream::write(std::string_view bytes, ErrorCode& failure) {
  if (inner_) {
    co_await asio::async_write(*inner_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failure));
  } else if (tls_) {
    co_await asio::async_write(*tls_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failure));
  } else {
    co_await asio::async_write(socket_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failure));
  }
}

bool Stream::is_quiet() {
  if (!socket_.is_open()) return false;
  char byte = 0;
  const auto size = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Stream::close() {
  ErrorCode ignored;
  socket_.close(ignored);
}

bool is_end(const ErrorCode& failure) {
  return failure == asio::error::eof || failure == asio::ssl::error::stream_truncated ||
         failure == asio::error::connection_reset || failure == asio::error::broken_pipe;
}

}  // namespace headwind::net
