// SPDX-License-Identifier: Apache-2.0
#include "registries/core/account.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace headwind::registries {
namespace {

// User names are strangers' text: one line, and not a long one.
std::string quoted(std::string_view name) {
  constexpr std::size_t longest = 80;
  std::string out(name.substr(0, longest));
  std::replace_if(out.begin(), out.end(), [](char c) { return c < ' ' || c > '~' || c == '"'; }, '?');
  return "\"" + out + "\"";
}

Account identity_at(Cloud cloud) {
  Account account;
  account.source = Account::Source::identity;
  account.key = "identity " + std::string(name_of(cloud));
  account.cloud = cloud;
  return account;
}

}  // namespace

bool Account::has_secret() const {
  return cloud != Cloud::none || !username.empty() || !password.empty() || !identity_token.empty() ||
         !registry_token.empty();
}

std::string Account::text(std::string_view host) const {
  if (!has_secret()) return "nobody";
  if (cloud != Cloud::none) return "Headwind's own identity at " + std::string(owner_of(cloud));
  const std::string who = username.empty() ? "a token" : "user " + quoted(username);
  return who + (source == Source::call ? " of the pull secret" : " of registries." + std::string(host));
}

std::string Account::remedy(std::string_view host) const {
  const std::string field = "registries." + std::string(host);
  if (!has_secret())
    return "add an imagePullSecret for " + std::string(host) + " to the workload, or set " + field + ".username";
  if (cloud == Cloud::gcp) return "give its service account the role roles/artifactregistry.reader there";
  if (cloud == Cloud::azure) return "give it the role AcrPull on " + std::string(host);
  if (source == Source::call) return "check the imagePullSecret for " + std::string(host);
  return "check " + field + ".username and its password";
}

Account account_of(std::string_view host, const HostSettings& settings) {
  Account account;
  if (settings.username.empty()) return settings.identity == Cloud::none ? account : identity_at(settings.identity);
  account.source = Account::Source::settings;
  account.key = "settings " + std::string(host) + " " + settings.username + " " + settings.password_secret;
  account.username = settings.username;
  account.password_secret = settings.password_secret;
  return account;
}

Account account_of(std::string_view host, const HostSettings& settings, Transport& transport) {
  auto found = transport.credential();
  if (!found) return account_of(host, settings);
  Account account;
  if (!found->is_account()) {
    // What it stands for is the host's business, such as a client certificate; what it was shown is kept apart.
    account = account_of(host, settings);
    const Cloud wanted = cloud_of_identity(found->identity);
    if (account.source == Account::Source::nobody && is_host_of(wanted, host) && may_see(wanted, settings.endpoint))
      account = identity_at(wanted);
    if (wanted != Cloud::none) return account;
    account.key += " as " + found->identity;
    return account;
  }
  account.source = Account::Source::call;
  account.key = "call " + found->identity;
  account.username = std::move(found->username);
  account.password = std::move(found->password);
  account.identity_token = std::move(found->identity_token);
  account.registry_token = std::move(found->registry_token);
  if (account.identity_token.empty() && account.username == "<token>") account.identity_token.swap(account.password);
  return account;
}

Outcome<Account> with_password(Account account, Transport& transport) {
  if (account.password_secret.empty()) return account;
  auto password = transport.secret(account.password_secret);
  if (!password) return password.failure();
  account.password = std::move(*password);
  if (account.username == "<token>") account.identity_token.swap(account.password);
  return account;
}

std::string basic_authorization(std::string_view username, std::string_view password) {
  const std::string plain = std::string(username) + ":" + std::string(password);
  std::string encoded(4 * ((plain.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

}  // namespace headwind::registries
