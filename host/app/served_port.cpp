// SPDX-License-Identifier: Apache-2.0
#include "app/served_port.hpp"

#include <utility>

#include "app/grace.hpp"
#include "net/trial.hpp"

namespace headwind::app {
namespace {

net::ServerOptions options_of(const config::Port& port) {
  net::ServerOptions options;
  options.address = port.address;
  options.port = port.port;
  options.certificate_file = port.certificate_file;
  options.key_file = port.key_file;
  return options;
}

}  // namespace

Result<std::unique_ptr<net::Server>> serve(const Executor& executor, const config::Port& port, net::Handler handler,
                                           decltype(net::ServerOptions::refusal) refusal) {
  net::ServerOptions options = options_of(port);
  options.refusal = std::move(refusal);
  return net::Server::listen(executor, std::move(options), std::move(handler));
}

Result<> may_serve(const Executor& executor, const config::Port& port) {
  net::ServerOptions options = options_of(port);
  if (config::is_read_once(port.certificate_file) || config::is_read_once(port.key_file))
    options.certificate_file = options.key_file = {};
  return net::try_listening(executor, std::move(options));
}

Task<> drain(std::unique_ptr<net::Server>& server) {
  if (server) co_await server->drain(grace);
}

}  // namespace headwind::app
