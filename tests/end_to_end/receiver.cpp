// SPDX-License-Identifier: Apache-2.0
#include "receiver.hpp"

#include <algorithm>
#include <stdexcept>

namespace headwind::end_to_end {

Receiver::Receiver() {
  net::ServerOptions options;
  options.address = "127.0.0.1";
  auto listening = net::Server::listen(loop_.executor(), options,
                                       [this](net::ServerRequest request) { return receive(std::move(request)); });
  if (!listening) throw std::runtime_error(listening.error().message);
  server_ = std::move(*listening);
}

Receiver::~Receiver() {
  loop_.run(server_->drain(std::chrono::milliseconds(100)));
  loop_.stop();
}

std::string Receiver::url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/hook"; }

Task<net::ServerResponse> Receiver::receive(net::ServerRequest request) {
  if (const std::chrono::milliseconds delay(delay_ms_); delay.count() > 0) co_await sleep_for(delay);
  const std::lock_guard lock(mutex_);
  bodies_.push_back(Json::parse(request.body, nullptr, false));
  co_return net::ServerResponse{};
}

std::vector<Json> Receiver::about(const std::string& name_space) const {
  const std::lock_guard lock(mutex_);
  std::vector<Json> result;
  for (const Json& body : bodies_)
    if (body.value("/deployment/namespace"_json_pointer, "") == name_space) result.push_back(body);
  return result;
}

std::size_t Receiver::count(const std::string& name_space, const std::string& event) const {
  const std::vector<Json> all = about(name_space);
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Json& body) { return body.value("event", "") == event; }));
}

}  // namespace headwind::end_to_end
