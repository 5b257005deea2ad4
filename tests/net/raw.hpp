// SPDX-License-Identifier: Apache-2.0
// Peers that say exactly what a test tells them to, right or wrong.
#pragma once
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <set>

#include "loop.hpp"

namespace headwind::net::test {

inline Task<std::size_t> say(Tcp::socket& socket, std::string bytes) {
  boost::system::error_code gone;
  co_return co_await boost::asio::async_write(socket, boost::asio::buffer(bytes),
                                              boost::asio::redirect_error(boost::asio::use_awaitable, gone));
}

// Reads a request or an answer up to its empty line; empty when the peer has gone.
inline Task<std::string> hear_head(Tcp::socket& socket) {
  std::string bytes;
  boost::system::error_code gone;
  co_await boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(bytes), "\r\n\r\n",
                                         boost::asio::redirect_error(boost::asio::use_awaitable, gone));
  co_return gone ? std::string() : bytes;
}

inline Task<std::string> hear_all(Tcp::socket& socket) {
  std::string bytes;
  for (;;) {
    char piece[4096];
    boost::system::error_code end;
    const std::size_t size = co_await socket.async_read_some(
        boost::asio::buffer(piece), boost::asio::redirect_error(boost::asio::use_awaitable, end));
    bytes.append(piece, size);
    if (end) co_return bytes;
  }
}

// Accepts on loopback and plays `script` on each connection; its second argument counts them from 1.
class RawServer {
 public:
  using Script = std::function<Task<>(Tcp::socket&, int)>;
  RawServer(boost::asio::io_context& io, Script script) : state_(std::make_shared<State>(io, std::move(script))) {
    spawn(io.get_executor(), "raw server", accept(state_));
  }
  // Scripts refer to what lives in the test's frame: none goes on after this.
  ~RawServer() {
    if (!state_) return;
    state_->acceptor.close();
    for (Tcp::socket* socket : state_->sockets) socket->close();
    while (!state_->sockets.empty()) {
      state_->loop->restart();
      state_->loop->run_one();
    }
  }
  // The loop is about to be destroyed with everything on it.
  void abandon() { state_.reset(); }
  std::uint16_t port() const { return state_->acceptor.local_endpoint().port(); }
  int connections() const { return state_->connections; }

 private:
  struct State {
    State(boost::asio::io_context& io, Script what)
        : loop(&io), acceptor(io, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)), script(std::move(what)) {}
    boost::asio::io_context* loop;
    Tcp::acceptor acceptor;
    Script script;
    std::set<Tcp::socket*> sockets;
    int connections = 0;
  };

  static Task<> accept(std::shared_ptr<State> state) {
    for (;;) {
      Tcp::socket socket(state->acceptor.get_executor());
      boost::system::error_code closed;
      co_await state->acceptor.async_accept(socket, boost::asio::redirect_error(boost::asio::use_awaitable, closed));
      if (closed || !state->acceptor.is_open()) co_return;
      const int number = ++state->connections;
      spawn(state->acceptor.get_executor(), "raw connection", play(state, std::move(socket), number));
    }
  }
  static Task<> play(std::shared_ptr<State> state, Tcp::socket socket, int number) {
    state->sockets.insert(&socket);
    co_await state->script(socket, number);
    state->sockets.erase(&socket);
  }

  std::shared_ptr<State> state_;
};

// Connects, says `bytes`, and gives all that comes back until the other end closes.
inline Task<std::string> ask_raw(std::uint16_t port, std::string bytes) {
  Tcp::socket socket(co_await boost::asio::this_coro::executor);
  co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), port}, boost::asio::use_awaitable);
  co_await say(socket, std::move(bytes));
  co_return co_await hear_all(socket);
}

}  // namespace headwind::net::test
