// SPDX-License-Identifier: Apache-2.0
#include "net/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/listener.hpp"

namespace headwind::net {

struct Server::Impl {
  std::shared_ptr<Listener> listener;
  std::uint16_t port = 0;
};

Result<std::unique_ptr<Server>> Server::listen(Executor executor, ServerOptions options, Handler handler) {
  auto listener = std::make_shared<Listener>(std::move(executor), std::move(options), std::move(handler));
  Result<> opened = listener->open();
  if (!opened) return opened.error();
  auto impl = std::make_shared<Impl>();
  impl->port = listener->port();
  impl->listener = std::move(listener);
  spawn(impl->listener->executor(), "net accept", Listener::accept(impl->listener));
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { impl_->listener->close(); }

std::uint16_t Server::port() const { return impl_->port; }

Task<> Server::drain(std::chrono::milliseconds grace) {
  // The caller may live on another thread than the server.
  const Executor executor = impl_->listener->executor();
  return boost::asio::co_spawn(executor, Listener::drain(impl_->listener, grace), boost::asio::use_awaitable);
}

}  // namespace headwind::net
