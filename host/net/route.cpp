// SPDX-License-Identifier: Apache-2.0
#include "net/route.hpp"

#include "net/exchange.hpp"

namespace headwind::net {
namespace {

// A proxy's answer to CONNECT has no body that matters; the server's bytes must not be among its own.
Task<Result<>> open_tunnel(std::shared_ptr<Connection> connection, const Route& route) {
  ResponseReader reader(connection->buffer(), MessageLimits{}, true);
  Exchange exchange{connection, route.connect, "CONNECT " + route.name(), reader};
  Outcome outcome = co_await run(std::move(exchange));
  if (!outcome.result) co_return outcome.result;
  const unsigned status = reader.response().status;
  if (status / 100 != 2) co_return refusal(route, status);
  if (connection->buffer().size() > 0)
    co_return make_error(Code::invalid, route.proxy->name() +
                                            " sent more than its answer before the TLS handshake with " +
                                            route.url.origin() + "; check what listens there");
  co_return Result<>{};
}

}  // namespace

std::string Route::name() const {
  const std::string certificates = tls && !tls->origin.empty() ? " with the certificates of " + tls->origin : "";
  return url.origin() + (proxy ? " through " + proxy->name() : std::string()) + certificates;
}

Task<Result<>> open(std::shared_ptr<Connection> connection, const Route& route, TimePoint by) {
  const std::string name = route.name();
  if (!route.proxy) {
    Result<> connected = co_await connection->connect(route.url, name, by);
    if (!connected) co_return connected;
  } else {
    const std::string proxy = route.proxy->name() + " on the way to " + route.url.origin();
    Result<> connected = co_await connection->connect(route.proxy->url, proxy, by);
    if (!connected) co_return connected;
    if (route.proxy_context) {
      Result<> secured =
          co_await connection->secure(route.proxy->url, proxy, route.proxy_context, route.proxy->tls.get());
      if (!secured) co_return secured;
    }
    if (route.is_tunnel()) {
      Result<> open = co_await open_tunnel(connection, route);
      if (!open) co_return open;
    }
  }
  if (!route.context) co_return Result<>{};
  co_return co_await connection->secure(route.url, name, route.context, route.tls.get());
}

bool refused_by_proxy(const Route& route, unsigned status) {
  return route.proxy && !route.is_tunnel() && status == 407;
}

Error refusal(const Route& route, unsigned status) {
  const std::string answered =
      route.proxy->name() + " answered " + std::to_string(status) + " on the way to " + route.url.origin() + "; ";
  if (status == 407)
    return make_error(Code::denied, answered + "set its user name and password in the proxy's environment variable");
  if (status == 403) return make_error(Code::denied, answered + "let it allow that host, or name the host in NO_PROXY");
  return make_error(Code::unavailable, answered + "check that it can reach that host, or name the host in NO_PROXY");
}

}  // namespace headwind::net
