// SPDX-License-Identifier: Apache-2.0
// TLS in front of a server without it, for those only who show a client certificate of an authority.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "loop_thread.hpp"
#include "net/certificates.hpp"

namespace headwind::end_to_end {

class TlsDoor {
 public:
  // `behind`: "127.0.0.1:40123".
  TlsDoor(const net::test::Authority& authority, const std::string& behind);
  ~TlsDoor();
  TlsDoor(const TlsDoor&) = delete;
  TlsDoor& operator=(const TlsDoor&) = delete;

  std::string host() const;  // "127.0.0.1:40124"

 private:
  struct Line;
  Task<> accept();
  Task<> serve(std::shared_ptr<Line> line);

  boost::asio::ssl::context tls_;
  boost::asio::ip::tcp::endpoint behind_;
  LoopThread loop_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
};

}  // namespace headwind::end_to_end
