// SPDX-License-Identifier: Apache-2.0
#include "registries/core/authorization.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "registries/core/json_text.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t max_tokens = 4096;
constexpr std::uint64_t max_token_body = 64 * 1024;

Failure denied(std::string sentence) { return {HW_DENIED, std::move(sentence), 0}; }

Outcome<std::string> basic(const std::string& host, const HostSettings& settings, Transport& transport) {
  if (settings.username.empty())
    return denied("registry " + host + " wants a user name and a password: set hosts." + host +
                  ".username and password_secret");
  auto password = transport.secret(settings.password_secret);
  if (!password) return password.failure();
  return basic_authorization(settings.username, *password);
}

// Is the token server one that we may ask at all, and may it see the credentials?
Outcome<Origin> check_realm(const std::string& host, const HostSettings& settings, const std::string& realm) {
  const auto server = origin_of(realm);
  const auto registry = origin_of(settings.endpoint);
  if (!server || !registry) return denied("registry " + host + " names a token server that is not an http(s) URL");
  const bool listed =
      std::find(settings.token_hosts.begin(), settings.token_hosts.end(), server->host) != settings.token_hosts.end();
  const bool own = server->host == registry->host;
  if (server->scheme != "https" && registry->scheme == "https")
    return denied("registry " + host + " names the token server " + server->host + " without https");
  if (!own && !listed && is_private_host(server->host))
    return denied("registry " + host + " names the private address " + server->host +
                  " as its token server: if that is right, add it to hosts." + host + ".token_hosts");
  if (!settings.username.empty() && !listed && !same_site(registry->host, server->host))
    return denied("registry " + host + " wants the credentials sent to " + server->host +
                  ": if that is right, add it to hosts." + host + ".token_hosts");
  return *server;
}

}  // namespace

std::string basic_authorization(std::string_view username, std::string_view password) {
  const std::string plain = std::string(username) + ":" + std::string(password);
  std::string encoded(4 * ((plain.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

Outcome<std::string> Authorization::known(const std::string& host, const HostSettings& settings,
                                          const std::string& scope, Transport& transport) {
  bool wants_basic = false;
  {
    const std::lock_guard lock(mutex_);
    const auto token = tokens_.find(host + " " + scope);
    if (token != tokens_.end() && token->second.until_mono_ms > transport.mono_ms())
      return "Bearer " + token->second.value;
    wants_basic = basic_.contains(host);
  }
  if (wants_basic) return basic(host, settings, transport);
  return std::string();
}

Outcome<std::string> Authorization::answer(const std::string& host, const HostSettings& settings,
                                           const std::string& scope, const Response& challenged, Transport& transport) {
  {
    const std::lock_guard lock(mutex_);
    tokens_.erase(host + " " + scope);
    basic_.erase(host);
  }
  std::vector<Challenge> challenges;
  for (const auto value : challenged.all("www-authenticate"))
    for (auto& challenge : parse_challenges(value)) challenges.push_back(std::move(challenge));
  const auto find = [&](std::string_view scheme) {
    return std::find_if(challenges.begin(), challenges.end(), [&](const Challenge& c) { return c.scheme == scheme; });
  };
  if (const auto bearer = find("bearer"); bearer != challenges.end())
    return fetch_token(host, settings, scope, *bearer, transport);
  if (find("basic") == challenges.end())
    return denied("registry " + host + " refuses access without a Basic or Bearer challenge");
  auto header = basic(host, settings, transport);
  if (header) {
    const std::lock_guard lock(mutex_);
    basic_[host] = true;
  }
  return header;
}

Outcome<std::string> Authorization::fetch_token(const std::string& host, const HostSettings& settings,
                                                const std::string& scope, const Challenge& challenge,
                                                Transport& transport) {
  const auto param = [&](const char* name) {
    const auto it = challenge.params.find(name);
    return it == challenge.params.end() ? std::string() : it->second;
  };
  const std::string realm = param("realm");
  const auto server = check_realm(host, settings, realm);
  if (!server) return server.failure();

  Request request{"GET", realm, {{"Accept", "application/json"}}, max_token_body};
  request.url += realm.find('?') == std::string::npos ? '?' : '&';
  if (const auto service = param("service"); !service.empty())
    request.url += "service=" + percent_encode(service) + "&";
  request.url += "scope=" + percent_encode(scope);
  if (!settings.username.empty()) {
    auto header = basic(host, settings, transport);
    if (!header) return header.failure();
    request.headers.emplace_back("Authorization", *header);
  }
  const auto response = transport.exchange(request);
  if (!response) return response.failure();
  const std::string where = "token server " + server->host + " of registry " + host;
  const int status = response->status;
  if (status == 429)
    return Failure{HW_THROTTLED, where + " asks to slow down",
                   parse_retry_after(response->header("retry-after"), transport.unix_ms()).value_or(0)};
  if (status >= 500) return Failure{HW_UNAVAILABLE, where + " answered " + std::to_string(status), 0};
  if (status != 200) return denied(where + " refuses a token: it answered " + std::to_string(status));

  const auto body = parse_json(response->body);
  std::string value = text_at(body, "token");
  if (value.empty()) value = text_at(body, "access_token");
  const bool printable = std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 127; });
  if (value.empty() || !printable) return Failure{HW_UNAVAILABLE, where + " answered without a usable token", 0};
  std::int64_t seconds = 60;  // the specification's default
  if (body.contains("expires_in") && body["expires_in"].is_number())
    seconds = static_cast<std::int64_t>(std::clamp(body["expires_in"].get<double>(), 0.0, 86400.0));
  const auto now = transport.mono_ms();
  remember(host + " " + scope, {value, now + seconds * 800}, now);
  return "Bearer " + value;
}

void Authorization::remember(const std::string& key, Token token, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  if (tokens_.size() >= max_tokens) {
    std::erase_if(tokens_, [&](const auto& entry) { return entry.second.until_mono_ms <= now; });
    if (tokens_.size() >= max_tokens) tokens_.clear();
  }
  tokens_[key] = std::move(token);
}

}  // namespace headwind::registries
