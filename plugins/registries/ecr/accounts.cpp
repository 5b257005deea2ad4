// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/accounts.hpp"

namespace headwind::registries::ecr {
namespace {

// Hosts come from the cluster's workloads. Who makes up more regions than Amazon has loses caches, no more.
constexpr std::size_t max_accounts = 256;

std::string key_of(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) (out += part) += '\n';
  return out;
}

}  // namespace

std::shared_ptr<Account> Accounts::of(std::string_view host, const HostName& name) {
  const AwsSettings& own = settings_.of(host);
  const std::string region = name.is_public ? "us-east-1" : name.region;
  const std::string url = own.api_endpoint.empty() ? name.api_endpoint() : own.api_endpoint;
  const bool regional = own.region.empty() && own.sts_endpoint.empty() && environment_->region().empty();
  const std::string identity =
      key_of({own.access_key_id, own.secret_access_key_secret, own.session_token_secret, own.role_arn,
              own.web_identity_token_file, own.sts_endpoint, own.imds_endpoint, own.region, regional ? region : ""});
  const std::string place = identity + key_of({url, region, name.is_public ? "public" : ""});

  const std::lock_guard lock(mutex_);
  if (accounts_.size() >= max_accounts && !accounts_.contains(place)) {
    accounts_.clear();
    chains_.clear();
  }
  auto& chain = chains_[identity];
  if (!chain) chain = std::make_shared<CredentialChain>(own, environment_, region);
  auto& account = accounts_[place];
  if (!account) account = std::make_shared<Account>(ApiEndpoint{url, region, name.is_public}, chain);
  return account;
}

}  // namespace headwind::registries::ecr
