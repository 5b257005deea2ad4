// SPDX-License-Identifier: Apache-2.0
// A host with the bundle of this build, and an HTTP receiver on the same loop.
#pragma once
#include <deque>

#include "net/server.hpp"
#include "plugin/world.hpp"

namespace headwind::plugin {

class Bundle : public World {
 protected:
  Bundle() {
    const char* root = std::getenv("HEADWIND_BUILD");
    options.directories = {std::filesystem::path(root == nullptr ? "." : root) / "plugins"};
  }
  ~Bundle() override {
    if (server) run(server->drain(std::chrono::milliseconds(100)));
  }
  void SetUp() override {
    net::ServerOptions server_options;
    server_options.address = "127.0.0.1";
    auto listening = net::Server::listen(loop.get_executor(), server_options,
                                         [this](net::ServerRequest request) { return receive(std::move(request)); });
    ASSERT_TRUE(listening) << listening.error().message;
    server = std::move(*listening);
    start();
  }
  std::string receiver(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + path;
  }

  struct Received {
    net::Headers headers;
    std::string body;
    std::chrono::steady_clock::time_point at;
  };
  std::vector<Received> received;
  std::deque<unsigned> statuses;  // of the next answers; then 200
  bool silent = false;            // takes requests and never answers
  std::unique_ptr<net::Server> server;

 private:
  Task<net::ServerResponse> receive(net::ServerRequest request) {
    received.push_back({request.headers, request.body, std::chrono::steady_clock::now()});
    if (silent) co_await sleep_for(std::chrono::seconds(60));
    net::ServerResponse response;
    response.status = statuses.empty() ? 200 : statuses.front();
    if (!statuses.empty()) statuses.pop_front();
    response.body = "ok";
    co_return response;
  }
};

}  // namespace headwind::plugin
