// SPDX-License-Identifier: Apache-2.0
// What the ECR client needs from outside beyond a registry's transport: exchanges that give up early. Metadata services
// are near or not there at all, and a call must not spend its whole time on finding out.
#pragma once
#include "registries/core/transport.hpp"

namespace headwind::registries::ecr {

class EcrTransport : public Transport {
 public:
  virtual Outcome<Response> exchange_within(const Request& request, std::int64_t ms) = 0;
};

}  // namespace headwind::registries::ecr
