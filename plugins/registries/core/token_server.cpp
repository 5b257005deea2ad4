// SPDX-License-Identifier: Apache-2.0
#include "registries/core/token_server.hpp"

#include <time.h>

#include <algorithm>

#include "registries/core/failures.hpp"
#include "registries/core/json_text.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::uint64_t max_token_body = 64 * 1024;
constexpr std::int64_t default_life_ms = 60'000;  // the specification's

Failure denied(std::string sentence) { return {HW_DENIED, std::move(sentence), 0}; }

// Is the token server one that we may ask at all, and may it see the credentials?
Outcome<Origin> check_realm(const Target& target, const std::string& realm) {
  const auto server = origin_of(realm);
  const auto registry = origin_of(target.url);
  if (!server || !registry) return denied(target.name + " names a token server that is not an http(s) URL");
  const bool listed =
      std::find(target.token_hosts.begin(), target.token_hosts.end(), server->host) != target.token_hosts.end();
  const bool own = server->host == registry->host;
  const std::string remedy = ": if that is right, add it to registries." + target.host + ".tokenHosts";
  if (server->scheme != "https" && registry->scheme == "https")
    return denied(target.name + " names the token server " + server->host + " without https");
  if (target.account.cloud != Cloud::none && !may_see(target.account.cloud, *server))
    return denied(target.name + " wants " + target.account.text(target.host) + " shown to " + server->host +
                  ", which is no host of " + std::string(owner_of(target.account.cloud)) + ": it is not");
  if (!own && !listed && is_private_host(server->host))
    return denied(target.name + " names the private address " + server->host + " as its token server" + remedy);
  if (target.account.has_secret() && !listed && !same_site(registry->host, server->host))
    return denied(target.name + " wants the credentials sent to " + server->host + remedy);
  return *server;
}

std::string query_of(const TokenServer& server, const std::vector<std::string>& scopes) {
  std::string out;
  if (!server.service.empty()) out += "&service=" + percent_encode(server.service);
  for (const auto& scope : scopes) out += "&scope=" + percent_encode(scope);
  return out.substr(std::min<std::size_t>(1, out.size()));
}

Request get_form(const TokenServer& server, const std::vector<std::string>& scopes) {
  const char mark = server.realm.find('?') == std::string::npos ? '?' : '&';
  return {"GET", server.realm + mark + query_of(server, scopes), {{"Accept", "application/json"}}, max_token_body};
}

Request post_form(const TokenServer& server, const std::vector<std::string>& scopes, const std::string& refresh_token) {
  std::string all;
  for (const auto& scope : scopes) all += (all.empty() ? "" : " ") + scope;
  return {"POST",
          server.realm,
          {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}},
          max_token_body,
          "grant_type=refresh_token&client_id=headwind&service=" + percent_encode(server.service) +
              "&scope=" + percent_encode(all) + "&refresh_token=" + percent_encode(refresh_token)};
}

Outcome<Response> ask(const Target& target, const Account& account, const TokenServer& server,
                      const std::vector<std::string>& scopes, Transport& transport) {
  if (!account.identity_token.empty()) {
    auto response = transport.exchange(post_form(server, scopes, account.identity_token));
    if (!response || (response->status != 404 && response->status != 405)) return response;
  }
  Request request = get_form(server, scopes);
  if (!account.identity_token.empty()) {
    const bool named = !account.username.empty() && account.username != "<token>";
    request.headers.emplace_back(
        "Authorization",
        basic_authorization(named ? account.username : family_of(target.host).token_user, account.identity_token));
  } else if (account.has_secret()) {
    request.headers.emplace_back("Authorization", basic_authorization(account.username, account.password));
  }
  return transport.exchange(request);
}

std::optional<std::int64_t> parse_time_ms(const std::string& text) {
  struct tm date{};
  const std::string copy = text.substr(0, 64);
  if (strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &date) == nullptr) return std::nullopt;
  return static_cast<std::int64_t>(timegm(&date)) * 1000;
}

}  // namespace

TokenAnswer parse_token_answer(std::string_view body, std::int64_t now_unix_ms) {
  const auto json = parse_json(body);
  TokenAnswer out;
  out.token = text_at(json, "token");
  if (out.token.empty()) out.token = text_at(json, "access_token");
  const bool printable = std::all_of(out.token.begin(), out.token.end(), [](char c) { return c > ' ' && c < 127; });
  if (!printable) out.token.clear();
  out.life_ms = default_life_ms;
  // Less than a second of life is a mistake, not a wish to be asked for each request.
  if (json.is_object() && json.contains("expires_in") && json["expires_in"].is_number())
    if (const double seconds = json["expires_in"].get<double>(); seconds >= 1)
      out.life_ms = static_cast<std::int64_t>(std::min(seconds, 86400.0) * 1000);
  // Some servers hand out one token to several: then it is older than the exchange. What should be over already, or
  // begins in the future, comes of clocks that differ.
  if (const auto issued = parse_time_ms(text_at(json, "issued_at")))
    if (const auto age = now_unix_ms - *issued; age > 0 && age < out.life_ms) out.life_ms -= age;
  return out;
}

Outcome<Token> fetch_token(const Target& target, const TokenServer& server, const std::vector<std::string>& scopes,
                           Transport& transport) {
  const auto origin = check_realm(target, server.realm);
  if (!origin) return origin.failure();
  const auto account = with_password(target.account, transport);
  if (!account) return account.failure();
  const auto response = ask(target, *account, server, scopes, transport);
  const std::string where = "token server " + origin->host + " of " + target.name;
  if (!response)  // the host adds why
    return Failure{response.failure().code, where + " gave no answer", response.failure().retry_after_ms};
  std::string answered = where + " answered " + std::to_string(response->status);
  if (const auto code = error_code(*response); !code.empty()) answered += " (" + code + ")";
  const int status = response->status;
  if (status == 429) return Failure{HW_THROTTLED, where + " asks to slow down", wait_of(*response, transport)};
  if (status >= 500 || status == 408) return Failure{HW_UNAVAILABLE, answered, wait_of(*response, transport)};
  if (status >= 300 && status < 400) return Failure{HW_UNAVAILABLE, answered + ", which is not followed", 0};
  if (status == 400 || status == 401 || status == 403) return access_denied(target, answered, status == 403);
  if (status != 200) return Failure{HW_UNAVAILABLE, answered, 0};

  auto answer = parse_token_answer(response->body, transport.unix_ms());
  if (answer.token.empty()) return Failure{HW_UNAVAILABLE, where + " answered without a usable token", 0};
  return Token{std::move(answer.token), transport.mono_ms() + answer.life_ms * 8 / 10};
}

}  // namespace headwind::registries
