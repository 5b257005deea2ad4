// SPDX-License-Identifier: Apache-2.0
// A TCP connection, with TLS over it or not, or twice: through a proxy that is itself spoken to by TLS. Inner header of
// net/: it includes Asio.
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
  // Puts TLS over what is there; the caller sets the peer's name and then does the handshake.
  SSL* use_tls(std::shared_ptr<boost::asio::ssl::context> context);
  Task<> handshake(boost::asio::ssl::stream_base::handshake_type type, ErrorCode& failure);

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
  using TlsInTls = boost::asio::ssl::stream<Tls&>;

  Tcp::socket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_, inner_context_;
  std::unique_ptr<Tls> tls_;
  std::unique_ptr<TlsInTls> inner_;
};

// Did the other end close or reset the connection?
bool is_end(const ErrorCode& failure);

}  // namespace headwind::net
