// SPDX-License-Identifier: Apache-2.0
// With which credentials a workload's images are read: those that a node would pull them with.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/certificates.hpp"
#include "app/read_cache.hpp"
#include "core/clock.hpp"
#include "core/symbol.hpp"
#include "credentials/docker_config.hpp"
#include "inventory/access.hpp"
#include "kube/client.hpp"
#include "plugin/types.hpp"

namespace headwind::app {

// Reads ServiceAccounts and Secrets one by one, when a repository is to be read for a workload, and keeps them in
// memory for some minutes. As admission does, it takes a service account's list only where the pod template lists none;
// as the kubelet does, it passes over a Secret that does not exist or is of another type. Engine thread only.
class PullSecrets {
 public:
  PullSecrets(std::shared_ptr<const kube::Client> client, const Clock& clock);

  struct Found {
    std::vector<plugin::Credential>
        credentials;                // the most special first; none: a configured account, or nobody's name
    std::string identity;           // of all of them together; empty where there is none
    std::string origin;             // "Secret shop/regcred": where they come from, for a person
    std::string trouble;            // sentences about Secrets that could not be used; or empty
    bool has_certificates = false;  // in the credentials
  };
  // For `repository` ("registry.example.com/team/app") on behalf of a workload (inventory::Access as text). What was
  // read before `since_ms` (steady clock) is read again. Fails where the API server cannot tell, or the certificates
  // that a chart is to be read with cannot be had.
  Task<Result<Found>> find(std::string repository, Symbol access, std::int64_t since_ms = 0);

 private:
  struct Secret {
    credentials::DockerConfig config;
    std::string trouble;         // why nothing is in it for images
    credentials::Account basic;  // its keys username and password, for charts
    Certificates certificates;   // for charts
  };
  using SecretRead = ReadCache<Secret>::Value;
  struct Account {
    std::vector<std::string> secrets;
    std::string trouble;
  };
  Task<Result<Account>> read_account(std::string name);
  Task<Result<Secret>> read_secret(std::string name);
  Task<Result<Found>> find_for_chart(std::string repository, inventory::Access from, std::int64_t since_ms);
  Task<Result<>> add_certificates(Found& found, std::string name, bool wanted, std::int64_t since_ms);
  void add_account(Found& found, credentials::Account account) const;
  std::string identity_of(const credentials::Account& account) const;

  std::shared_ptr<const kube::Client> client_;
  std::string salt_;  // so that an identity tells nothing of a password, not even to who tries them all
  const Clock& clock_;
  CertificateBook certificates_;
  ReadCache<Account> accounts_;
  ReadCache<Secret> secrets_;
};

}  // namespace headwind::app
