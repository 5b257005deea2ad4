// SPDX-License-Identifier: Apache-2.0
// One request to a place, with its authorization and, within limits, its redirects.
#pragma once
#include "registries/core/authorization.hpp"
#include "registries/core/target.hpp"
#include "registries/core/transport.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {

inline constexpr int max_redirects = 5;
bool is_redirect(int status);
// From a registry at `home`: elsewhere only as safely as there, so https unless it is plain itself, and into private
// networks only from within.
bool may_redirect(const Origin& home, const Origin& to);

class Exchange {  // safe from several threads
 public:
  explicit Exchange(CloudEnvironment environment) : authorization_(std::move(environment)) {}

  // Any status is a success, also a 401 that remains after one answer to a challenge. Credentials stay on the target's
  // own origin.
  Outcome<Response> send(const Target& target, const Request& request, Transport& transport);

 private:
  Authorization authorization_;
};

}  // namespace headwind::registries
