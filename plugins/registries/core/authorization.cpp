// SPDX-License-Identifier: Apache-2.0
#include "registries/core/authorization.hpp"

#include <algorithm>

#include "registries/core/failures.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t max_remembered = 4096;
constexpr std::size_t max_scopes = 4;
constexpr std::size_t max_scope = 512;

std::string place_of(const Target& target) { return target.url + "\n" + target.account.key; }

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

}  // namespace

Outcome<std::string> Authorization::known(const Target& target, Transport& transport) {
  if (!target.account.registry_token.empty()) {
    if (!is_printable(target.account.registry_token))
      return Failure{HW_DENIED, "the registry token for " + target.host + " holds odd characters", 0};
    return "Bearer " + target.account.registry_token;
  }
  Scheme scheme;
  {
    const std::lock_guard lock(mutex_);
    const auto it = schemes_.find(place_of(target));
    if (it == schemes_.end()) return std::string();
    scheme = it->second;
  }
  if (scheme.basic) return basic(target, target.name + " wants an account", transport);
  auto header = bearer(target, scheme.server, scopes_of(target, {}), {}, transport);
  if (header || header.failure().code == HW_THROTTLED || header.failure().code == HW_CANCELLED) return header;
  // It may have moved: the registry shall name its token server again.
  {
    const std::lock_guard lock(mutex_);
    schemes_.erase(place_of(target));
  }
  if (header.failure().code == HW_UNAVAILABLE) return header;
  return std::string();
}

Outcome<std::string> Authorization::answer(const Target& target, const Response& challenged, const std::string& sent,
                                           Transport& transport) {
  const std::string answered = target.name + " answered 401 for " + target.path;
  if (!target.account.registry_token.empty()) return access_denied(target, answered, false);
  std::vector<Challenge> challenges;
  for (const auto value : challenged.all("www-authenticate"))
    for (auto& challenge : parse_challenges(value)) challenges.push_back(std::move(challenge));
  const auto find = [&](std::string_view scheme) {
    return std::find_if(challenges.begin(), challenges.end(), [&](const Challenge& c) { return c.scheme == scheme; });
  };
  if (const auto wanted = find("bearer"); wanted != challenges.end()) {
    const TokenServer server{wanted->param("realm"), wanted->param("service")};
    const std::string_view refused = sent.starts_with("Bearer ") ? std::string_view(sent).substr(7) : "";
    auto header = bearer(target, server, scopes_of(target, wanted->param("scope")), refused, transport);
    if (header) remember(target, {false, server});
    return header;
  }
  if (find("basic") == challenges.end())
    return Failure{HW_DENIED, answered + " without a Basic or Bearer challenge", 0};
  auto header = basic(target, answered, transport);
  if (!header) return header;
  if (*header == sent) {
    if (const auto login = identities_.login(target, transport)) identities_.refuse(target, *login, transport);
    return access_denied(target, answered, false);
  }
  remember(target, {true, {}});
  return header;
}

Outcome<std::string> Authorization::basic(const Target& target, const std::string& answered, Transport& transport) {
  if (!target.account.has_secret()) return access_denied(target, answered, false);
  const auto known = identities_.login(target, transport);
  if (!known) return known.failure();
  const auto account = with_password(*known, transport);
  if (!account) return account.failure();
  if (account->identity_token.empty()) return basic_authorization(account->username, account->password);
  const bool named = !account->username.empty() && account->username != "<token>";
  return basic_authorization(named ? account->username : family_of(target.host).token_user, account->identity_token);
}

Outcome<Token> Authorization::new_token(const Target& target, const TokenServer& server,
                                        const std::vector<std::string>& scopes, Transport& transport) {
  if (target.account.cloud == Cloud::none) return fetch_token(target, server, scopes, transport);
  auto login = identities_.login(target, transport);
  if (!login) return login.failure();
  Target known = target;
  known.account = std::move(*login);
  auto token = fetch_token(known, server, scopes, transport);
  if (!token && token.failure().code == HW_DENIED) identities_.refuse(target, known.account, transport);
  return token;
}

Outcome<std::string> Authorization::bearer(const Target& target, const TokenServer& server,
                                           const std::vector<std::string>& scopes, std::string_view refused,
                                           Transport& transport) {
  std::string key = place_of(target) + "\n" + server.realm + "\n" + server.service;
  for (const auto& scope : scopes) key += "\n" + scope;
  auto token =
      tokens_.get(key, refused, transport.mono_ms(), [&] { return new_token(target, server, scopes, transport); });
  if (!token) return token;
  return "Bearer " + *token;
}

// The one for reading, and what the registry demands beside it: Azure's tag lists want "metadata_read". The newly
// demanded first, since some token servers read one only.
std::vector<std::string> Authorization::scopes_of(const Target& target, std::string_view demanded) {
  const std::string key = place_of(target) + "\n" + target.path;
  const std::lock_guard lock(mutex_);
  const auto it = scopes_.find(key);
  auto before = it == scopes_.end() ? std::vector{"repository:" + target.path + ":pull"} : it->second;
  std::vector<std::string> out;
  while (!demanded.empty() && out.size() + before.size() <= max_scopes) {
    const auto space = demanded.find(' ');
    const std::string scope(demanded.substr(0, space));
    demanded.remove_prefix(space == std::string_view::npos ? demanded.size() : space + 1);
    const bool is_new = std::find(before.begin(), before.end(), scope) == before.end();
    if (is_new && !scope.empty() && scope.size() <= max_scope && is_printable(scope)) out.push_back(scope);
  }
  if (out.empty()) return before;
  out.insert(out.end(), before.begin(), before.end());
  if (scopes_.size() >= max_remembered) scopes_.clear();
  scopes_[key] = out;
  return out;
}

void Authorization::remember(const Target& target, Scheme scheme) {
  const std::lock_guard lock(mutex_);
  if (schemes_.size() >= max_remembered) schemes_.clear();
  schemes_[place_of(target)] = std::move(scheme);
}

}  // namespace headwind::registries
