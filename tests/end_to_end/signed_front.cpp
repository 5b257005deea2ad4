// SPDX-License-Identifier: Apache-2.0
#include "signed_front.hpp"

#include <stdexcept>
#include <utility>

namespace headwind::end_to_end {

SignedFront::SignedFront(std::string signature) : signature_(std::move(signature)) {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  const net::Handler redirect = [this](net::ServerRequest request) -> Task<net::ServerResponse> {
    net::ServerResponse response;
    response.status = 307;
    response.headers.push_back({"Location", "http://127.0.0.1:1/bucket" + request.path +
                                                "?X-Amz-Signature=" + signature_ + "&X-Amz-Expires=60"});
    co_return response;
  };
  auto listening = net::Server::listen(loop_.executor(), options, redirect);
  if (!listening) throw std::runtime_error(listening.error().message);
  server_ = std::move(*listening);
}

SignedFront::~SignedFront() {
  loop_.run(server_->drain(std::chrono::milliseconds(100)));
  loop_.stop();
}

std::string SignedFront::host() const { return "127.0.0.1:" + std::to_string(server_->port()); }

}  // namespace headwind::end_to_end
