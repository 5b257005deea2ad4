// SPDX-License-Identifier: Apache-2.0
// One request to the API server, taken apart.
#pragma once
#include <string>

#include "fake/query.hpp"
#include "fake/resource.hpp"
#include "net/server.hpp"

namespace headwind::fake {

struct Call {
  explicit Call(net::ServerRequest received);

  net::ServerRequest request;
  Query query;
  const ResourceType* type = nullptr;  // null: not about a resource
  std::string name_space, name, subresource;
  std::string verb;  // empty where the method does not fit the path

  // "updaterequests/status"
  std::string resource_name() const;
};

}  // namespace headwind::fake
