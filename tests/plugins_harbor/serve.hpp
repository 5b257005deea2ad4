// SPDX-License-Identifier: Apache-2.0
// A fake behind an HTTP server on a free port of loopback, until standard input ends.
#pragma once
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <functional>

#include "net/server.hpp"
#include "registries/core/transport.hpp"

namespace headwind::registries {

using Answer = std::function<Response(const Request&)>;

inline Task<net::ServerResponse> answer_over_http(const Answer& answer, net::ServerRequest from) {
  Request request{from.method, from.path + (from.query.empty() ? "" : "?" + from.query), {}, 0, std::move(from.body)};
  for (auto& header : from.headers) request.headers.emplace_back(std::move(header.name), std::move(header.value));
  auto response = answer(request);
  net::ServerResponse out;
  out.status = static_cast<unsigned>(response.status);
  out.body = std::move(response.body);
  for (auto& [name, value] : response.headers) out.headers.push_back({std::move(name), std::move(value)});
  co_return out;
}

inline Task<> stop_at_end_of_input(boost::asio::io_context& loop) {
  boost::asio::posix::stream_descriptor input(loop, ::dup(STDIN_FILENO));
  char byte = 0;
  boost::system::error_code ended;
  while (!ended) {
    co_await input.async_read_some(boost::asio::buffer(&byte, 1),
                                   boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  }
  loop.stop();
}

// Prints the port. What main returns.
inline int serve(const Answer& answer) {
  boost::asio::io_context loop;
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto server = net::Server::listen(loop.get_executor(), options, [&](net::ServerRequest request) {
    return answer_over_http(answer, std::move(request));
  });
  if (!server) return 1;
  std::printf("%u\n", static_cast<unsigned>((*server)->port()));
  std::fflush(stdout);
  boost::asio::co_spawn(loop, stop_at_end_of_input(loop), boost::asio::detached);
  loop.run();
  return 0;
}

}  // namespace headwind::registries
