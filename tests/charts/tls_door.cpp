// SPDX-License-Identifier: Apache-2.0
#include "tls_door.hpp"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace headwind::end_to_end {
namespace asio = boost::asio;
using asio::ip::tcp;
using Failure = boost::system::error_code;

struct TlsDoor::Line {
  Line(tcp::socket socket, asio::ssl::context& tls) : outside(std::move(socket), tls), inside(outside.get_executor()) {}
  asio::ssl::stream<tcp::socket> outside;
  tcp::socket inside;

  void close() {
    Failure ignored;
    outside.lowest_layer().close(ignored);
    inside.close(ignored);
  }
};

namespace {

// Passes bytes on until either end has gone; then both go.
template <class Line, class From, class To>
Task<> pass(std::shared_ptr<Line> line, From& from, To& to) {
  std::array<char, 16384> piece{};
  Failure end;
  while (!end) {
    const std::size_t size =
        co_await from.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, end));
    if (size > 0)
      co_await asio::async_write(to, asio::buffer(piece, size), asio::redirect_error(asio::use_awaitable, end));
  }
  line->close();
}

}  // namespace

TlsDoor::TlsDoor(const net::test::Authority& authority, const std::string& behind)
    : tls_(asio::ssl::context::tls_server),
      behind_(asio::ip::make_address(behind.substr(0, behind.find(':'))),
              static_cast<std::uint16_t>(std::stoi(behind.substr(behind.find(':') + 1)))),
      acceptor_(loop_.executor(), tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()) {
  const net::test::Identity identity = authority.issue("a server", "IP:127.0.0.1");
  tls_.use_certificate_chain(asio::buffer(identity.certificate_pem));
  tls_.use_private_key(asio::buffer(identity.key_pem), asio::ssl::context::pem);
  tls_.add_certificate_authority(asio::buffer(authority.certificate_pem()));
  tls_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  spawn(loop_.executor(), "TLS door", accept());
}

TlsDoor::~TlsDoor() { loop_.stop(); }

std::string TlsDoor::host() const { return "127.0.0.1:" + std::to_string(port_); }

Task<> TlsDoor::accept() {
  for (;;) {
    Failure failure;
    tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return;
    spawn(loop_.executor(), "TLS door", serve(std::make_shared<Line>(std::move(socket), tls_)));
  }
}

Task<> TlsDoor::serve(std::shared_ptr<Line> line) {
  Failure failure;
  co_await line->outside.async_handshake(asio::ssl::stream_base::server,
                                         asio::redirect_error(asio::use_awaitable, failure));
  if (!failure) co_await line->inside.async_connect(behind_, asio::redirect_error(asio::use_awaitable, failure));
  if (failure) {
    line->close();
    co_return;
  }
  spawn(loop_.executor(), "TLS door", pass(line, line->outside, line->inside));
  co_await pass(line, line->inside, line->outside);
}

}  // namespace headwind::end_to_end
