// SPDX-License-Identifier: Apache-2.0
// What can be told of a server, and of TLS settings, before either is used.
#pragma once
#include "core/async.hpp"
#include "core/result.hpp"
#include "net/http.hpp"
#include "net/server.hpp"

namespace headwind::net {

// What Server::listen() would say of the address, of the port and of the certificate. Nobody is listened to meanwhile,
// and the port is free again afterwards.
Result<> try_listening(Executor executor, ServerOptions options);

// Whether requests may be sent with them: PEM, and a key that belongs to its certificate. Code::invalid.
Result<> try_settings(const TlsSettings& settings);

}  // namespace headwind::net
