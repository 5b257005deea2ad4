// SPDX-License-Identifier: Apache-2.0
#include "registries/core/identities.hpp"

#include "registries/core/identity_sources.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t max_registries = 256;

}  // namespace

Outcome<Account> Identities::login(const Target& target, Transport& transport) {
  Account account = target.account;
  if (account.cloud == Cloud::none) return account;
  const std::string whose = target.name + ": " + account.text(target.host);
  if (!may_see(account.cloud, target.url))
    return Failure{
        HW_DENIED,
        whose + " is not shown to " + target.url + ", which is no registry of " + std::string(owner_of(account.cloud)),
        0};
  auto found = token(target, transport);
  if (!found)
    return Failure{found.failure().code, whose + " is not to be had: " + found.failure().message,
                   found.failure().retry_after_ms};
  if (account.cloud == Cloud::gcp) {
    account.username = "oauth2accesstoken";
    account.password = std::move(*found);
  } else {
    account.username = family_of(target.host).token_user;
    account.identity_token = std::move(*found);
  }
  return account;
}

Outcome<std::string> Identities::token(const Target& target, Transport& transport) {
  if (target.account.cloud == Cloud::gcp)
    return google_.get(transport, [&] { return google_token(environment_, transport); });
  return azure_registry(target.url)->get(transport, [&] { return exchange(target, transport); });
}

Outcome<Lease<std::string>> Identities::exchange(const Target& target, Transport& transport) {
  const auto token = azure_.get(transport, [&] { return azure_token(environment_, transport); });
  if (!token) return token.failure();
  bool is_unknown = false;
  auto login = azure_login(target, *token, environment_, transport, is_unknown);
  // All registries share it: one that knows it, and gives us no role, is no reason for another.
  if (is_unknown) azure_.refuse(*token, transport);
  return login;
}

void Identities::refuse(const Target& target, const Account& login, Transport& transport) {
  if (login.cloud == Cloud::gcp) google_.refuse(login.password, transport);
  if (login.cloud == Cloud::azure) azure_registry(target.url)->refuse(login.identity_token, transport);
}

std::shared_ptr<Identities::Token> Identities::azure_registry(const std::string& url) {
  const std::lock_guard lock(mutex_);
  if (const auto it = azure_registries_.find(url); it != azure_registries_.end()) return it->second;
  if (azure_registries_.size() >= max_registries) azure_registries_.clear();
  return azure_registries_[url] = std::make_shared<Token>("the registry at " + url);
}

}  // namespace headwind::registries
