// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fake/faults.hpp"
#include "fake/registry.hpp"
#include "fake/registry_access.hpp"
#include "fake/registry_content.hpp"
#include "net/server.hpp"

namespace headwind::fake {

// Shared: requests under way outlive the Registry that started them.
struct RegistryState {
  explicit RegistryState(RegistryOptions chosen) : options(std::move(chosen)), access(options) {}

  RegistryOptions options;
  RegistryAccess access;
  std::string host;
  std::map<std::string, Repository, std::less<>> repositories;
  Faults faults;
  bool hanging = false;
  std::vector<RegistryRequest> requests;
};

Task<net::ServerResponse> handle_registry(std::shared_ptr<RegistryState> state, net::ServerRequest request);

}  // namespace headwind::fake
