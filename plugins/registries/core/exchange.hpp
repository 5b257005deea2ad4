// SPDX-License-Identifier: Apache-2.0
// One request to a place, with its authorization and, within limits, its redirects.
#pragma once
#include "registries/core/authorization.hpp"
#include "registries/core/target.hpp"
#include "registries/core/transport.hpp"

namespace headwind::registries {

class Exchange {  // safe from several threads
 public:
  // Any status is a success, also a 401 that remains after one answer to a challenge. Credentials stay on the target's
  // own origin.
  Outcome<Response> send(const Target& target, const Request& request, Transport& transport);

 private:
  Authorization authorization_;
};

}  // namespace headwind::registries
