// SPDX-License-Identifier: Apache-2.0
#include "conformance/local_peer.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "net/server.hpp"

namespace headwind::conformance {

struct LocalPeer::Impl {
  boost::asio::io_context loop{1};
  std::unique_ptr<net::Server> server;
  std::thread thread;
  std::mutex mutex;  // of what follows; held while one is asked, so that none is asked once it is removed
  std::map<std::string, Peer> peers;  // "/7"
  std::size_t next = 1;

  Reply ask(const net::ServerRequest& request) {
    const std::lock_guard lock(mutex);
    const auto found = peers.find(request.path.substr(0, request.path.find('/', 1)));
    if (found == peers.end()) return {.status = 404};
    return found->second({request.method, request.path, request.body});
  }

  static Task<net::ServerResponse> serve(Impl& peer, net::ServerRequest request) {
    const Reply reply = peer.ask(request);
    if (reply.kind != Reply::Kind::answer) co_await sleep_for(std::chrono::hours(1));
    net::ServerResponse response;
    response.status = static_cast<unsigned>(reply.status);
    for (const auto& [name, value] : reply.headers)
      if (name != "content-length") response.headers.push_back({name, value});
    response.body = reply.body;
    co_return response;
  }

  std::string origin() const { return "http://127.0.0.1:" + std::to_string(server->port()); }
};

LocalPeer::LocalPeer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

LocalPeer::~LocalPeer() {
  impl_->loop.stop();
  impl_->thread.join();
  impl_->server.reset();
}

Result<std::unique_ptr<LocalPeer>> LocalPeer::start() {
  auto impl = std::make_unique<Impl>();
  net::ServerOptions options;
  options.address = "127.0.0.1";
  options.max_body = 64U << 20U;
  auto server = net::Server::listen(impl->loop.get_executor(), options, [&peer = *impl](net::ServerRequest request) {
    return Impl::serve(peer, std::move(request));
  });
  if (!server) return server.error();
  impl->server = std::move(*server);
  impl->thread = std::thread([&loop = impl->loop] { loop.run(); });
  return std::unique_ptr<LocalPeer>(new LocalPeer(std::move(impl)));
}

std::string LocalPeer::add(Peer answer) {
  const std::lock_guard lock(impl_->mutex);
  const std::string path = "/" + std::to_string(impl_->next++);
  impl_->peers[path] = std::move(answer);
  return impl_->origin() + path;
}

void LocalPeer::remove(const std::string& url) {
  const std::lock_guard lock(impl_->mutex);
  impl_->peers.erase(url.substr(url.rfind('/')));
}

}  // namespace headwind::conformance
