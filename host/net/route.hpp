// SPDX-License-Identifier: Apache-2.0
// The way to a server: directly, or through a proxy, which is asked for a tunnel where the server speaks TLS. Inner
// header of net/: it includes Asio.
#pragma once
#include <memory>
#include <string>

#include "core/async.hpp"
#include "core/result.hpp"
#include "net/connection.hpp"
#include "net/proxy.hpp"

namespace headwind::net {

struct Route {
  Url url;
  ClientTls::Context context{};  // null: plain HTTP
  std::shared_ptr<const TlsSettings> tls{};
  std::shared_ptr<const Proxy> proxy{};  // null: directly
  ClientTls::Context proxy_context{};    // null: the proxy is spoken to in plain HTTP
  std::string connect{};                 // the bytes that ask for a tunnel

  bool is_tunnel() const { return proxy && url.tls; }
  // "https://host:443 through the proxy http://proxy:3128 with the certificates of Secret shop/tls": for errors.
  std::string name() const;
};

// Everything up to the first byte of the request itself, by the deadline.
Task<Result<>> open(std::shared_ptr<Connection> connection, const Route& route, TimePoint by);

// Is an answer with this status the proxy's own, to a request that it was sent as a whole?
bool refused_by_proxy(const Route& route, unsigned status);
Error refusal(const Route& route, unsigned status);

}  // namespace headwind::net
