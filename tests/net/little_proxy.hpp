// SPDX-License-Identifier: Apache-2.0
// A proxy on loopback: tunnels, forwards, and asks for a password where it is told to.
#pragma once
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <vector>

#include "raw.hpp"

namespace headwind::net::test {

template <class From, class To>
Task<> relay(From& from, To& to) {
  for (;;) {
    char piece[4096];
    boost::system::error_code end;
    const std::size_t size = co_await from.async_read_some(
        boost::asio::buffer(piece), boost::asio::redirect_error(boost::asio::use_awaitable, end));
    if (size > 0)
      co_await boost::asio::async_write(to, boost::asio::buffer(piece, size),
                                        boost::asio::redirect_error(boost::asio::use_awaitable, end));
    if (end) co_return;
  }
}

struct LittleProxy {
  std::string wanted;              // Proxy-Authorization; empty: anybody may pass
  std::vector<std::string> heads;  // of the requests it got
  std::uint16_t everywhere = 0;    // if set: the loopback port that every name leads to

  // Until one end closes. `client` may be a socket or a TLS stream.
  template <class Client>
  Task<> serve(Client& client) {
    using boost::asio::experimental::awaitable_operators::operator||;
    std::string head;
    boost::system::error_code failure;
    co_await boost::asio::async_read_until(client, boost::asio::dynamic_buffer(head), "\r\n\r\n",
                                           boost::asio::redirect_error(boost::asio::use_awaitable, failure));
    if (failure) co_return;
    heads.push_back(head);
    if (!wanted.empty() && head.find("Proxy-Authorization: " + wanted + "\r\n") == std::string::npos) {
      co_await say_to(client,
                      "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                      "Content-Length: 6\r\n\r\nno way");
      co_return;
    }
    const bool tunnel = head.starts_with("CONNECT ");
    const std::string target = head.substr(head.find(' ') + 1);
    const std::string authority =
        tunnel ? target.substr(0, target.find(' ')) : target.substr(7, target.find('/', 7) - 7);
    const auto port = everywhere != 0 ? everywhere : std::stoi(authority.substr(authority.rfind(':') + 1));
    Tcp::socket server(co_await boost::asio::this_coro::executor);
    co_await server.async_connect({boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)},
                                  boost::asio::redirect_error(boost::asio::use_awaitable, failure));
    if (failure) {
      co_await say_to(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
      co_return;
    }
    if (tunnel) {
      co_await say_to(client, "HTTP/1.1 200 Connection established\r\n\r\n");
    } else {
      const auto method = head.substr(0, head.find(' '));
      const auto path = head.find('/', method.size() + 1 + 7);
      co_await say_to(server, method + " " + head.substr(path));
    }
    co_await (relay(client, server) || relay(server, client));
  }

 private:
  template <class Stream>
  static Task<> say_to(Stream& stream, std::string bytes) {
    boost::system::error_code gone;
    co_await boost::asio::async_write(stream, boost::asio::buffer(bytes),
                                      boost::asio::redirect_error(boost::asio::use_awaitable, gone));
  }
};

}  // namespace headwind::net::test
