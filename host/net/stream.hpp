// SPDX-License-Identifier: Apache-2.0
// A TCP connection, with TLS over it or not. Inner header of net/: it includes Asio.
#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string_view>

#include "core/async.hpp"

namespace headwind::net {

using ErrorCode = boost::system::error_code;

class Stream {
 public:
  using Tcp = boost::asio::ip::tcp;
  using Tls = boost::asio::ssl::stream<Tcp::socket&>;

  explicit Stream(Tcp::socket socket) : socket_(std::move(socket)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Tcp::socket& socket() { return socket_; }
  Tls* tls() { return tls_.get(); }  // null: plain
  // Puts TLS over the connected socket; the caller sets the peer's name and then does the handshake.
  Tls& use_tls(std::shared_ptr<boost::asio::ssl::context> context);
  Task<> handshake(Tls::handshake_type type, ErrorCode& failure);

  // No Nagle delay, and writes that would block say so.
  void tune();
  Task<std::size_t> read_some(boost::asio::mutable_buffer into, ErrorCode& failure);
  // Writes what the socket takes at once; returns how much. Only for plain connections: 0 with TLS.
  std::size_t write_now(std::string_view bytes, ErrorCode& failure);
  // Writes all, waiting where it must.
  Task<> write(std::string_view bytes, ErrorCode& failure);
  // Is the connection open, and has the peer sent nothing since we last read? Does not wait.
  bool is_quiet();
  void close();

 private:
  Tcp::socket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::unique_ptr<Tls> tls_;
};

// Did the other end close or reset the connection?
bool is_end(const ErrorCode& failure);

}  // namespace headwind::net
