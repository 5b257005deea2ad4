// SPDX-License-Identifier: Apache-2.0
#include "app/pull_secrets.hpp"

#include <random>
#include <utility>

#include "core/chart_reference.hpp"
#include "core/hash.hpp"
#include "core/image_reference.hpp"
#include "core/text.hpp"
#include "credentials/keyring.hpp"
#include "kube/paths.hpp"
#include "kube/pull_references.hpp"

namespace headwind::app {
namespace {

constexpr std::chrono::minutes lifetime{5};
constexpr std::chrono::milliseconds looked_at_again{2'000};

std::string random_salt() {
  std::random_device device;
  std::string salt;
  for (int i = 0; i < 4; ++i) salt += std::to_string(device());
  return salt;
}

void add_sentence(std::string& text, const std::string& sentence) {
  if (!sentence.empty()) text += (text.empty() ? "" : "; ") + sentence;
}

// "shop/regcred" -> the path of that object.
std::string path_of(const kube::Resource& resource, const std::string& name) {
  const std::size_t slash = name.find('/');
  return kube::object_path(resource, name.substr(0, slash), name.substr(slash + 1));
}

// What there is to say where the object cannot be used; nothing where asking again may help.
std::optional<std::string> trouble_of(const std::string& what, const Error& error) {
  if (error.code == Code::not_found) return what + " does not exist";
  if (error.code == Code::denied) return what + " may not be read by Headwind: apply deploy/20-rbac.yaml";
  return std::nullopt;
}

}  // namespace

PullSecrets::PullSecrets(std::shared_ptr<const kube::Client> client, const Clock& clock)
    : client_(std::move(client)),
      salt_(random_salt()),
      clock_(clock),
      accounts_(clock, lifetime, [this](std::string name) { return read_account(std::move(name)); }),
      secrets_(clock, lifetime, [this](std::string name) { return read_secret(std::move(name)); }) {}

Task<Result<PullSecrets::Account>> PullSecrets::read_account(std::string name) {
  const Result<std::string> json = co_await client_->get(path_of(kube::kServiceAccounts, name));
  if (json) co_return Account{kube::pull_secrets_of_account(*json), {}};
  const auto trouble = trouble_of("ServiceAccount " + name, json.error());
  if (!trouble) co_return in_context(json.error(), "ServiceAccount " + name);
  co_return Account{{}, *trouble};
}

Task<Result<PullSecrets::Secret>> PullSecrets::read_secret(std::string name) {
  const std::string what = "Secret " + name;
  const Result<std::string> json = co_await client_->get(path_of(kube::kSecrets, name));
  if (!json) {
    const auto trouble = trouble_of(what, json.error());
    if (!trouble) co_return in_context(json.error(), what);
    co_return Secret{{}, *trouble, {}, {{}, {}, *trouble}};
  }
  Certificates certificates = certificates_.take(what, kube::tls_files(*json));
  credentials::Account basic;
  kube::BasicLogin login = kube::basic_login(*json);
  basic.username = std::move(login.username), basic.password = std::move(login.password);
  const kube::PullSecret stored = kube::pull_secret(*json);
  if (stored.value.empty())
    co_return Secret{{},
                     what + " (type " + printable(stored.type, 100) +
                         ") holds no registry credentials: it needs type kubernetes.io/dockerconfigjson and the "
                         "key .dockerconfigjson",
                     std::move(basic),
                     std::move(certificates)};
  Result<credentials::DockerConfig> config =
      credentials::parse_docker_config(stored.value, credentials::format_of(stored.type));
  if (!config)
    co_return Secret{
        {}, what + " cannot be used: " + config.error().message, std::move(basic), std::move(certificates)};
  co_return Secret{std::move(*config), {}, std::move(basic), std::move(certificates)};
}

std::string PullSecrets::identity_of(const credentials::Account& account) const {
  std::string text;
  for (const std::string* field :
       {&account.username, &account.password, &account.identity_token, &account.registry_token})
    text += std::to_string(field->size()) + ":" + *field;
  return hmac_sha256_hex(salt_, text).substr(0, 16);
}

void PullSecrets::add_account(Found& found, credentials::Account account) const {
  const std::string identity = identity_of(account);
  found.identity += identity;
  found.credentials.push_back({identity, std::move(account.username), std::move(account.password),
                               std::move(account.identity_token), std::move(account.registry_token)});
}

// As Flux does: what is in the source's own Secrets, and nothing else.
Task<Result<PullSecrets::Found>> PullSecrets::find_for_chart(std::string repository, inventory::Access from,
                                                             std::int64_t since_ms) {
  Found found;
  if (const std::string& name = from.chart_secret; !name.empty()) {
    const SecretRead secret = co_await secrets_.get(name, since_ms);
    if (!secret) co_return secret.error();
    credentials::Keyring keyring;
    keyring.add((*secret)->config);
    std::vector<credentials::Account> accounts;
    if (!is_chart_url(repository)) accounts = keyring.find(repository);
    if (accounts.empty() && !(*secret)->basic.username.empty()) accounts.push_back((*secret)->basic);
    for (credentials::Account& account : accounts) add_account(found, std::move(account));
    if (!accounts.empty())
      found.origin = "Secret " + name;
    else if ((*secret)->config.entries.empty() && !(*secret)->trouble.empty())
      found.trouble = "Secret " + name + " has no keys username and password; " + (*secret)->trouble;
    else
      found.trouble = "Secret " + name + " has no account for " + std::string(host_of(repository));
  }
  if (found.credentials.empty() && !from.chart_identity.empty()) {
    found.identity = "cloud:" + from.chart_identity;  // see hw_credential
    found.credentials.push_back({found.identity, {}, {}, {}, {}});
    found.origin = "provider " + from.chart_identity + " of the chart's source";
  }
  const bool wanted = from.chart_certificates != from.chart_secret;
  const Result<> added = co_await add_certificates(found, from.chart_certificates, wanted, since_ms);
  if (!added) co_return added.error();
  if (found.credentials.size() > 1) found.identity = hmac_sha256_hex(salt_, found.identity).substr(0, 16);
  co_return found;
}

// `wanted`: without them the chart is not read at all. Where they are missing, the Secret is looked at again soon.
Task<Result<>> PullSecrets::add_certificates(Found& found, std::string name, bool wanted, std::int64_t since_ms) {
  if (name.empty()) co_return Result<>{};
  SecretRead secret = co_await secrets_.get(name, since_ms);
  if (!secret) co_return secret.error();
  if (wanted && (*secret)->certificates.tls == nullptr) {
    secret = co_await secrets_.get(name, clock_.mono_ms() - looked_at_again.count());
    if (!secret) co_return secret.error();
  }
  const Certificates& certificates = (*secret)->certificates;
  if (certificates.tls == nullptr) {
    if (!wanted) co_return Result<>{};
    co_return make_error(Code::invalid,
                         "the chart is not read without the certificates of its source: " + certificates.trouble);
  }
  // Without an account, one of the configuration may still count.
  if (found.credentials.empty()) found.credentials.emplace_back();
  found.identity.clear();
  for (plugin::Credential& credential : found.credentials) {
    credential.identity = hmac_sha256_hex(salt_, credential.identity + certificates.gist).substr(0, 16);
    credential.tls = certificates.tls;
    found.identity += credential.identity;
  }
  found.has_certificates = true;
  co_return Result<>{};
}

Task<Result<PullSecrets::Found>> PullSecrets::find(std::string repository, Symbol access, std::int64_t since_ms) {
  Found found;
  inventory::Access from = inventory::Access::of(access.str());
  if (from.name_space.empty()) co_return found;
  if (!from.chart_repository.empty() && from.chart_repository == repository)
    co_return co_await find_for_chart(std::move(repository), std::move(from), since_ms);
  if (from.secrets.empty()) {
    const auto account = co_await accounts_.get(from.name_space + "/" + from.service_account, since_ms);
    if (!account) co_return account.error();
    from.secrets = (*account)->secrets;
    add_sentence(found.trouble, (*account)->trouble);
  }
  // Each Secret by itself first, to know which of them has the answer.
  credentials::Keyring all;
  for (const std::string& name : from.secrets) {
    const std::string full = from.name_space + "/" + name;
    const auto secret = co_await secrets_.get(full, since_ms);
    if (!secret) co_return secret.error();
    add_sentence(found.trouble, (*secret)->trouble);
    credentials::Keyring alone;
    alone.add((*secret)->config);
    if (!alone.find(repository).empty()) found.origin += (found.origin.empty() ? "Secret " : ", Secret ") + full;
    all.add((*secret)->config);
  }
  for (credentials::Account& account : all.find(repository)) add_account(found, std::move(account));
  if (found.credentials.size() > 1) found.identity = hmac_sha256_hex(salt_, found.identity).substr(0, 16);
  co_return found;
}

}  // namespace headwind::app
