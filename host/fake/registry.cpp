// SPDX-License-Identifier: Apache-2.0
#include "fake/registry.hpp"

#include <algorithm>

#include "fake/registry_handler.hpp"

namespace headwind::fake {

struct Registry::Impl {
  std::shared_ptr<RegistryState> state;
  std::unique_ptr<net::Server> server;
};

Result<std::unique_ptr<Registry>> Registry::start(Executor executor, RegistryOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->state = std::make_shared<RegistryState>(std::move(options));
  net::ServerOptions listening;
  listening.address = impl->state->options.address;
  listening.port = impl->state->options.port;
  auto server = net::Server::listen(executor, listening, [state = impl->state](net::ServerRequest request) {
    return handle_registry(state, std::move(request));
  });
  if (!server) return in_context(server.error(), "fake registry");
  impl->server = std::move(*server);
  impl->state->host = impl->state->options.address + ":" + std::to_string(impl->server->port());
  return std::unique_ptr<Registry>(new Registry(std::move(impl)));
}

Registry::Registry(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Registry::~Registry() { impl_->state->hanging = false; }

std::string Registry::url() const { return "http://" + host(); }
std::string Registry::host() const { return impl_->state->host; }

std::string Registry::push(std::string_view repository, std::string_view tag, std::string_view content) {
  const std::string fallback = std::string(repository) + ":" + std::string(tag);
  return impl_->state->repositories[std::string(repository)].push(tag, content.empty() ? fallback : content);
}

std::string Registry::digest(std::string_view repository, std::string_view tag) const {
  const auto found = impl_->state->repositories.find(repository);
  return found == impl_->state->repositories.end() ? std::string() : found->second.digest(tag);
}

bool Registry::remove_tag(std::string_view repository, std::string_view tag) {
  const auto found = impl_->state->repositories.find(repository);
  return found != impl_->state->repositories.end() && found->second.remove_tag(tag);
}

const std::vector<RegistryRequest>& Registry::requests() const { return impl_->state->requests; }

std::size_t Registry::count(std::string_view kind) const {
  const auto& all = impl_->state->requests;
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const RegistryRequest& request) { return request.kind == kind; }));
}

void Registry::clear_requests() { impl_->state->requests.clear(); }

void Registry::fail_next(unsigned status, unsigned times, unsigned retry_after_s) {
  impl_->state->faults.add({"*", "*", times, status, retry_after_s, false, {}});
}

void Registry::set_hanging(bool hanging) { impl_->state->hanging = hanging; }
void Registry::revoke_tokens() { impl_->state->access.revoke_all(); }

Task<> Registry::drain(std::chrono::milliseconds grace) {
  impl_->state->hanging = false;
  return impl_->server->drain(grace);
}

}  // namespace headwind::fake
