// SPDX-License-Identifier: Apache-2.0
// The host's services for one call of a registry plugin, as the client's transport.
#pragma once
#include <headwind/sdk.hpp>
#include <optional>
#include <string>

#include "registries/core/transport.hpp"

namespace headwind::registries {

class CallTransport : public Transport {
 public:
  // All must outlive it. `secrets` is there only where the settings name an account.
  CallTransport(const hw::call& call, const hw::http& http, const hw::pull& pull,
                const std::optional<hw::secrets>& secrets)
      : call_(call), http_(http), pull_(pull), secrets_(secrets) {}

  Outcome<Response> exchange(const Request& request) override { return send(call_, request); }
  Outcome<Response> exchange_within(const Request& request, std::int64_t ms) override;
  std::optional<Credential> credential() override;
  Outcome<std::string> secret(const std::string& name) override;
  std::int64_t unix_ms() override { return call_.host().unix_time().count(); }
  std::int64_t mono_ms() override { return call_.host().steady_time().count(); }

 private:
  Outcome<Response> send(const hw::call& call, const Request& request) const;

  const hw::call& call_;
  const hw::http& http_;
  const hw::pull& pull_;
  const std::optional<hw::secrets>& secrets_;
};

}  // namespace headwind::registries
