// SPDX-License-Identifier: Apache-2.0
// The pull credentials of a node, found as app::PullSecrets finds them, and told step by step for a person.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "credentials/docker_config.hpp"
#include "inventory/access.hpp"
#include "kube/client.hpp"

namespace headwind::cli {

// "ci", "an identity token": never a secret.
std::string user_of(const credentials::Account& account);

struct PullAccount {
  credentials::Account account;
  std::string source;        // "Secret shop/regcred"
  std::string key;           // under which it stands there
  std::string text() const;  // "user ci of Secret shop/regcred (key registry.example.com)"
};

struct PullAccounts {
  struct Look {
    std::string name;   // "Secret shop/regcred", "ServiceAccount shop/default"
    std::string found;  // what it was good for, or why for nothing
    bool usable = true;
    bool hidden = false;  // from us, perhaps not from a node
  };
  std::vector<Look> looks;            // in the order in which they were looked at
  std::vector<PullAccount> accounts;  // in the order in which they are tried
};

// Of Secrets, and of the service account where `from` lists none itself. Fails only where the API server cannot tell.
Task<Result<PullAccounts>> read_pull_accounts(std::shared_ptr<const kube::Client> client, inventory::Access from,
                                              std::string repository);
// Of a file: ~/.docker/config.json, or a Secret's .dockerconfigjson or .dockercfg.
Result<PullAccounts> read_pull_accounts(const std::string& file, const std::string& repository);

}  // namespace headwind::cli
