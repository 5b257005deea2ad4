// SPDX-License-Identifier: Apache-2.0
// A transport whose credential is a login that we were given by Amazon.
#pragma once
#include <utility>

#include "registries/core/transport.hpp"

namespace headwind::registries::ecr {

class LoginTransport final : public Transport {
 public:
  LoginTransport(Transport& inner, Credential login) : inner_(inner), login_(std::move(login)) {}

  Outcome<Response> exchange(const Request& request) override { return inner_.exchange(request); }
  Outcome<Response> exchange_within(const Request& request, std::int64_t ms) override {
    return inner_.exchange_within(request, ms);
  }
  std::optional<Credential> credential() override { return login_; }
  Outcome<std::string> secret(const std::string& name) override { return inner_.secret(name); }
  std::int64_t unix_ms() override { return inner_.unix_ms(); }
  std::int64_t mono_ms() override { return inner_.mono_ms(); }

 private:
  Transport& inner_;
  const Credential login_;
};

}  // namespace headwind::registries::ecr
