// SPDX-License-Identifier: Apache-2.0
#include "call.hpp"

#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <thread>

#include "net/client.hpp"

namespace headwind::end_to_end {
namespace {

Task<> exchange(net::Client& client, net::Request request, Reply& reply) {
  auto response = co_await client.send(std::move(request));
  if (response) {
    reply = {response->status, std::move(response->headers), std::move(response->body)};
  } else {
    reply.body = response.error().message;
  }
  client.shut_down();
}

}  // namespace

Reply call(const std::string& method, const std::string& url, const std::string& body, net::Headers headers) {
  boost::asio::io_context context{1};
  Reply reply;
  {
    net::Client client(context.get_executor(), {.user_agent = "end-to-end"});
    net::Request request;
    request.method = method;
    request.url = url;
    request.body = body;
    request.headers = std::move(headers);
    if (!body.empty() && net::find_header(request.headers, "Content-Type").empty())
      request.headers.push_back({"Content-Type", "application/json"});
    spawn(context.get_executor(), "call", exchange(client, std::move(request), reply));
    context.run();
  }
  return reply;
}

Ended run_shell(const std::string& command) {
  Ended ended;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ended;
  char buffer[4096];
  for (std::size_t size = 0; (size = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) ended.text.append(buffer, size);
  ended.status = WEXITSTATUS(::pclose(pipe));
  return ended;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

}  // namespace headwind::end_to_end
