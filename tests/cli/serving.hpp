// SPDX-License-Identifier: Apache-2.0
// An HTTP server on a thread of its own, for a program that is waited for.
#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "net/server.hpp"

namespace headwind::test {

class Serving {
 public:
  using Answer = std::function<net::ServerResponse(const net::ServerRequest&)>;

  // `answer` runs on the server's thread. Silent: takes requests and answers none.
  explicit Serving(Answer answer, bool silent = false, net::ServerOptions options = {}) {
    options.address = "127.0.0.1";
    options.max_header = 64U << 10U;
    auto listening = net::Server::listen(
        io_.get_executor(), options, [this, answer, silent](net::ServerRequest request) -> Task<net::ServerResponse> {
          ++requests;
          if (silent) co_await sleep_for(std::chrono::hours(1));
          co_return answer(request);
        });
    if (!listening) throw std::runtime_error(listening.error().message);
    server_ = std::move(*listening);
    port_ = server_->port();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Serving() {
    io_.stop();
    thread_.join();
    server_.reset();
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::atomic<unsigned> requests{0};  // that came in
  std::string url() const { return "http://" + host(); }

 private:
  boost::asio::io_context io_{1};
  std::unique_ptr<net::Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

inline net::ServerResponse json_answer(std::string body, unsigned status = 200) {
  net::ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::move(body);
  return response;
}

}  // namespace headwind::test
