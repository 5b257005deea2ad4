// SPDX-License-Identifier: Apache-2.0
#include "moody_server.hpp"

#include <stdexcept>

namespace headwind::monitoring {

MoodyServer::MoodyServer() {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto listening = net::Server::listen(loop_.executor(), options, answer);
  if (!listening) throw std::runtime_error(listening.error().message);
  server_ = std::move(*listening);
}

MoodyServer::~MoodyServer() {
  loop_.run(server_->drain(std::chrono::milliseconds(100)));
  loop_.stop();
}

std::string MoodyServer::host() const { return "127.0.0.1:" + std::to_string(server_->port()); }

Task<net::ServerResponse> MoodyServer::answer(net::ServerRequest request) {
  net::ServerResponse response;
  const bool list = request.path.ends_with("/tags/list");
  if (request.path.starts_with("/v2/limited/") && list) {
    response.headers = {{"Content-Type", "application/json"},
                        {"RateLimit-Limit", "100;w=21600"},
                        {"RateLimit-Remaining", "97;w=21600"}};
    response.body = R"({"name":"limited/app","tags":["1.0.0"]})";
  } else if (request.path.starts_with("/v2/listed/") && list) {
    response.headers = {{"Content-Type", "application/json"}};
    response.body = R"({"name":"listed/app","tags":["1.0.0","1.1.0"]})";
  } else {
    response.status = request.path.starts_with("/v2/listed/") || request.path.starts_with("/v2/broken/") ? 500 : 404;
  }
  co_return response;
}

}  // namespace headwind::monitoring
