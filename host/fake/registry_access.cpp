// SPDX-License-Identifier: Apache-2.0
#include "fake/registry_access.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "fake/json.hpp"

namespace headwind::fake {
namespace {

// The credentials of an Authorization header of that scheme.
std::optional<std::string_view> credentials(const net::ServerRequest& request, std::string_view scheme) {
  const std::string_view header = net::find_header(request.headers, "Authorization");
  if (header.size() <= scheme.size() || !equals_ignoring_case(header.substr(0, scheme.size()), scheme) ||
      header[scheme.size()] != ' ') {
    return std::nullopt;
  }
  return trim(header.substr(scheme.size()));
}

net::ServerResponse json_response(unsigned status, const Json& body) {
  net::ServerResponse response;
  response.status = status;
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = body.dump();
  return response;
}

// "repository:library/app" of "repository:library/app:pull,push".
std::string scope_target(const std::string& scope) { return scope.substr(0, scope.rfind(':')); }

}  // namespace

std::optional<std::string> RegistryAccess::basic_user(const net::ServerRequest& request) const {
  const auto encoded = credentials(request, "Basic");
  if (!encoded) return std::string();
  std::string pair;
  if (!base64_decode(*encoded, pair)) return std::nullopt;
  const std::size_t colon = pair.find(':');
  const auto user = options_.users.find(pair.substr(0, colon));
  if (colon == std::string::npos || user == options_.users.end() || user->second != pair.substr(colon + 1)) {
    return std::nullopt;
  }
  return user->first;
}

std::optional<std::string> RegistryAccess::challenge(const net::ServerRequest& request, const std::string& realm,
                                                     const std::string& scope) const {
  if (options_.auth == RegistryAuth::open) return std::nullopt;
  if (options_.auth == RegistryAuth::basic) {
    const auto user = basic_user(request);
    if (user && !user->empty()) return std::nullopt;
    return "Basic realm=\"basic-realm\"";
  }
  std::string asked = "Bearer realm=\"" + realm + "\",service=\"" + options_.service + "\"";
  if (!scope.empty()) asked += ",scope=\"" + scope + "\"";
  const auto text = credentials(request, "Bearer");
  if (!text) return asked;
  const auto token = tokens_.find(*text);
  if (token == tokens_.end() || token->second.expires_ms <= options_.clock->unix_ms()) {
    return asked + ",error=\"invalid_token\"";
  }
  const auto& scopes = token->second.scopes;
  const bool covered = scope.empty() || std::find(scopes.begin(), scopes.end(), scope_target(scope)) != scopes.end();
  if (covered) return std::nullopt;
  return asked + ",error=\"insufficient_scope\"";
}

net::ServerResponse RegistryAccess::issue(const net::ServerRequest& request) {
  if (options_.auth != RegistryAuth::token) return json_response(404, {{"details", "no tokens here"}});
  if (request.method != "GET") return json_response(404, {{"details", "only GET is spoken"}});
  const Query query(request.query);
  const auto user = basic_user(request);
  if (!user) {
    net::ServerResponse refused = json_response(401, {{"details", "incorrect username or password"}});
    refused.headers.push_back({"WWW-Authenticate", "Basic realm=\"token\""});
    return refused;
  }
  if (query.get("service") != options_.service) return json_response(400, {{"details", "unknown service"}});
  Token token;
  const std::int64_t now = options_.clock->unix_ms();
  token.expires_ms = now + std::chrono::milliseconds(options_.token_lifetime).count();
  for (const std::string& several : query.all("scope")) {
    for (const std::string_view scope : split(several, ' ')) {
      // A scope that is not granted is left out, not refused: the registry answers 401 then.
      const std::string target = scope_target(std::string(scope));
      const std::string name = target.substr(std::min(target.size(), sizeof("repository:") - 1));
      if (!target.starts_with("repository:")) continue;
      if (user->empty() && options_.closed.count(name) != 0) continue;
      token.scopes.push_back(target);
    }
  }
  const std::string text = sha256_hex("token " + std::to_string(++issued_) + std::to_string(now));
  tokens_.insert_or_assign(text, std::move(token));
  return json_response(200, {{"token", text},
                             {"access_token", text},
                             {"expires_in", options_.token_lifetime.count()},
                             {"issued_at", format_rfc3339(now)}});
}

}  // namespace headwind::fake
