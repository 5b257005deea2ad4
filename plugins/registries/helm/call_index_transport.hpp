// SPDX-License-Identifier: Apache-2.0
// The host's services for one call of the plugin, as the transport of indexes. The body of an index passes through: it
// is never whole on our side.
#pragma once
#include <headwind/sdk.hpp>
#include <optional>

#include "registries/core/call_transport.hpp"
#include "registries/helm/index_transport.hpp"

namespace headwind::registries::helm {

class CallIndexTransport : public IndexTransport {
 public:
  // All must outlive it.
  CallIndexTransport(const hw::call& call, const hw::http& http, const hw::pull& pull,
                     const std::optional<hw::secrets>& secrets)
      : call_(call), services_(call, http, pull, secrets) {}

  Outcome<Response> exchange(const Request& request) override { return services_.exchange(request); }
  Outcome<Response> exchange_within(const Request& request, std::int64_t ms) override {
    return services_.exchange_within(request, ms);
  }
  std::optional<Credential> credential() override { return services_.credential(); }
  Outcome<std::string> secret(const std::string& name) override { return services_.secret(name); }
  std::int64_t unix_ms() override { return services_.unix_ms(); }
  std::int64_t mono_ms() override { return services_.mono_ms(); }

  Outcome<Response> stream(const Request& request, const OnBody& on_body) override;
  bool is_out_of_time() override;
  void note(std::string_view url, const ChartIndex& index) override;

 private:
  const hw::call& call_;
  CallTransport services_;
};

}  // namespace headwind::registries::helm
