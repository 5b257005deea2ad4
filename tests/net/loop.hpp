// SPDX-License-Identifier: Apache-2.0
// One io_context on the test's own thread, with our client and our server on it.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "core/async.hpp"
#include "net/client.hpp"
#include "net/server.hpp"

namespace headwind::net::test {

using namespace std::chrono_literals;
using Tcp = boost::asio::ip::tcp;

// Guards against hanging only; no test waits for it to pass.
inline constexpr auto patience = 60s;

class Loop : public testing::Test {
 protected:
  boost::asio::io_context io{1};

  Executor executor() { return io.get_executor(); }

  // Runs the loop until `task` is done and gives its value.
  template <class T>
  T run(Task<T> task) {
    std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value;
    std::exception_ptr failure;
    bool done = false;
    if constexpr (std::is_void_v<T>) {
      boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr e) { failure = e, done = true; });
    } else {
      boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr e, T result) {
        failure = e, done = true;
        value.emplace(std::move(result));
      });
    }
    io.restart();
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!done && std::chrono::steady_clock::now() < until) io.run_one_until(until);
    if (!done) throw std::runtime_error("the test's task did not end");
    if (failure) std::rethrow_exception(failure);
    if constexpr (!std::is_void_v<T>) return std::move(*value);
  }

  // What is left on the loop must end by itself.
  void expect_loop_ends() {
    io.restart();
    io.run_for(patience);
    EXPECT_TRUE(io.stopped()) << "something keeps the loop alive";
  }

  std::unique_ptr<Server> serve(Handler handler, ServerOptions options = {}) {
    options.address = "127.0.0.1";
    auto server = Server::listen(executor(), std::move(options), std::move(handler));
    if (!server) throw std::runtime_error(server.error().message);
    return std::move(*server);
  }
};

inline std::string at(std::uint16_t port, const std::string& path = "/") {
  return "http://127.0.0.1:" + std::to_string(port) + path;
}

inline Request get(std::string url) {
  Request request;
  request.url = std::move(url);
  return request;
}

inline Request with_method(std::string method, std::string url, std::string body = {}) {
  Request request = get(std::move(url));
  request.method = std::move(method);
  request.body = std::move(body);
  return request;
}

inline ServerResponse text(unsigned status, std::string body) {
  ServerResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

// Tells what it was asked.
inline Task<ServerResponse> echo(ServerRequest request) {
  ServerResponse response = text(200, request.method + " " + request.path + "?" + request.query + "\n" + request.body);
  response.headers.push_back({"X-Asked-By", std::string(find_header(request.headers, "user-agent"))});
  co_return response;
}

}  // namespace headwind::net::test
