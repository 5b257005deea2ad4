// SPDX-License-Identifier: Apache-2.0
#include "cli/pull_accounts.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "core/text.hpp"
#include "credentials/keyring.hpp"
#include "kube/paths.hpp"
#include "kube/pull_references.hpp"

namespace headwind::cli {
namespace {

using credentials::DockerConfig;
using credentials::Keyring;

constexpr std::size_t largest_file = 1U << 20U, most_keys_told = 6;

struct Source {
  std::string name;
  DockerConfig config;
};

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name, 253);
  return text;
}

// The entry of `config` that gives `account` for the repository, or null.
const DockerConfig::Entry* entry_of(const DockerConfig& config, const credentials::Account& account,
                                    const std::string& repository) {
  const auto found = std::find_if(config.entries.begin(), config.entries.end(), [&](const DockerConfig::Entry& entry) {
    Keyring alone;
    alone.add({{entry}});
    return entry.account == account && !alone.find(repository).empty();
  });
  return found == config.entries.end() ? nullptr : &*found;
}

std::string key_text(const DockerConfig::Entry& entry) {
  return printable(credentials::normalised_key(entry.key), 253);
}

PullAccounts::Look describe(const Source& source, const std::string& repository) {
  Keyring alone;
  alone.add(source.config);
  const auto fitting = alone.find(repository);
  std::vector<std::string> texts;
  if (fitting.empty()) {
    for (const DockerConfig::Entry& entry : source.config.entries) {
      if (entry.account.empty() && credentials::key_fits(credentials::normalised_key(entry.key), repository))
        return {source.name,
                "key " + key_text(entry) + " fits, but is empty: credential helpers of docker are not asked", false};
      if (texts.size() < most_keys_told) texts.push_back(key_text(entry));
    }
    if (texts.empty()) return {source.name, "holds no registry at all", false};
    return {source.name, "no key fits " + repository + "; it has " + joined(texts), false};
  }
  for (const credentials::Account& account : fitting)
    if (const auto* entry = entry_of(source.config, account, repository))
      texts.push_back("key " + key_text(*entry) + " fits, " + user_of(account));
  return {source.name, joined(texts), true};
}

// All Secrets together, as the kubelet puts them together.
void choose(PullAccounts& out, const std::vector<Source>& sources, const std::string& repository) {
  Keyring all;
  for (const Source& source : sources) all.add(source.config);
  for (const credentials::Account& account : all.find(repository)) {
    PullAccount chosen{account, {}, {}};
    for (const Source& source : sources) {
      const DockerConfig::Entry* entry = entry_of(source.config, account, repository);
      if (entry == nullptr) continue;
      chosen.source = source.name;
      chosen.key = key_text(*entry);
      break;
    }
    out.accounts.push_back(std::move(chosen));
  }
}

// What there is to say where the object cannot be read; the failure itself where the API server cannot tell.
Result<std::string> why_not(const std::string& name_space, const char* plural, const Error& error) {
  if (error.code == Code::not_found) return std::string("does not exist");
  if (error.code != Code::denied) return error;
  return "may not be read (" + printable(error.message, 300) + "); it takes the right to get " + plural +
         " in namespace " + name_space;
}

Task<Result<std::vector<std::string>>> names_of_account(std::shared_ptr<const kube::Client> client,
                                                        inventory::Access from, PullAccounts& out) {
  const std::string name = "ServiceAccount " + from.name_space + "/" + from.service_account;
  const Result<std::string> json =
      co_await client->get(kube::object_path(kube::kServiceAccounts, from.name_space, from.service_account));
  if (!json) {
    const Result<std::string> why = why_not(from.name_space, "serviceaccounts", json.error());
    if (!why) co_return in_context(why.error(), name);
    out.looks.push_back({name, *why, false, json.error().code == Code::denied});
    co_return std::vector<std::string>();
  }
  std::vector<std::string> names = kube::pull_secrets_of_account(*json);
  out.looks.push_back({name, names.empty() ? "lists no imagePullSecrets" : "lists " + joined(names), !names.empty()});
  co_return names;
}

Result<DockerConfig> config_of(const std::string& secret_json) {
  const kube::PullSecret stored = kube::pull_secret(secret_json);
  if (stored.value.empty())
    return make_error(Code::invalid, "type " + printable(stored.type, 100) +
                                         " holds no registry credentials: it needs type "
                                         "kubernetes.io/dockerconfigjson and the key .dockerconfigjson");
  return credentials::parse_docker_config(stored.value, credentials::format_of(stored.type));
}

}  // namespace

std::string user_of(const credentials::Account& account) {
  if (!account.identity_token.empty()) return "an identity token";
  if (!account.registry_token.empty()) return "a registry token";
  return "user " + printable(account.username, 100);
}

std::string PullAccount::text() const { return user_of(account) + " of " + source + " (key " + key + ")"; }

Task<Result<PullAccounts>> read_pull_accounts(std::shared_ptr<const kube::Client> client, inventory::Access from,
                                              std::string repository) {
  PullAccounts out;
  if (from.secrets.empty()) {
    Result<std::vector<std::string>> names = co_await names_of_account(client, from, out);
    if (!names) co_return names.error();
    from.secrets = std::move(*names);
  }
  std::vector<Source> sources;
  for (const std::string& secret : from.secrets) {
    const std::string name = "Secret " + from.name_space + "/" + printable(secret, 253);
    const Result<std::string> json = co_await client->get(kube::object_path(kube::kSecrets, from.name_space, secret));
    if (!json) {
      const Result<std::string> why = why_not(from.name_space, "secrets", json.error());
      if (!why) co_return in_context(why.error(), name);
      out.looks.push_back({name, *why, false, json.error().code == Code::denied});
      continue;
    }
    Result<DockerConfig> config = config_of(*json);
    if (!config) {
      out.looks.push_back({name, "cannot be used: " + config.error().message, false});
      continue;
    }
    sources.push_back({name, std::move(*config)});
    out.looks.push_back(describe(sources.back(), repository));
  }
  choose(out, sources, repository);
  co_return out;
}

Result<PullAccounts> read_pull_accounts(const std::string& file, const std::string& repository) {
  std::ifstream in(file, std::ios::binary);
  std::string text(largest_file + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || in.gcount() == 0)
    return make_error(Code::invalid, "the file " + file + " of --docker-config cannot be read, or is empty");
  text.resize(static_cast<std::size_t>(in.gcount()));
  Result<DockerConfig> config = credentials::parse_docker_config(text, credentials::Format::dockerconfigjson);
  if (config && config->entries.empty())
    if (Result<DockerConfig> old = credentials::parse_docker_config(text, credentials::Format::dockercfg); old)
      config = std::move(old);
  if (!config) return in_context(config.error(), "the file " + file + " of --docker-config");
  PullAccounts out;
  const std::vector<Source> sources{{"file " + file, std::move(*config)}};
  out.looks.push_back(describe(sources.front(), repository));
  choose(out, sources, repository);
  return out;
}

}  // namespace headwind::cli
