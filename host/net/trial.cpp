// SPDX-License-Identifier: Apache-2.0
#include "net/trial.hpp"

#include <utility>

#include "net/client_tls.hpp"
#include "net/listener.hpp"

namespace headwind::net {

Result<> try_listening(Executor executor, ServerOptions options) {
  const auto listener = std::make_shared<Listener>(std::move(executor), std::move(options), Handler());
  const Result<> bound = listener->bind();
  listener->close();
  return bound;
}

Result<> try_settings(const TlsSettings& settings) {
  const Result<ClientTls::Context> made = ClientTls::make(settings);
  return made ? Result<>() : Result<>(made.error());
}

}  // namespace headwind::net
