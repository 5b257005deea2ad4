// SPDX-License-Identifier: Apache-2.0
// The accounts behind the hosts: hosts with the same settings in the same region share one, and all regions share the
// keys where the same token service gives them.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "registries/ecr/account.hpp"
#include "registries/ecr/host_name.hpp"

namespace headwind::registries::ecr {

class Accounts {  // safe from several threads
 public:
  Accounts(EcrSettings settings, Environment environment)
      : settings_(std::move(settings)), environment_(std::make_shared<const Environment>(std::move(environment))) {}

  std::shared_ptr<Account> of(std::string_view host, const HostName& name);
  const EcrSettings& settings() const { return settings_; }

 private:
  const EcrSettings settings_;
  const std::shared_ptr<const Environment> environment_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<CredentialChain>> chains_;
  std::map<std::string, std::shared_ptr<Account>> accounts_;
};

}  // namespace headwind::registries::ecr
