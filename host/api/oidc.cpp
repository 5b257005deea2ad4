// SPDX-License-Identifier: Apache-2.0
#include "api/oidc.hpp"

#include <algorithm>
#include <utility>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

constexpr std::int64_t kSkewSeconds = 60;  // of their clock and ours

Error denied(std::string sentence) { return make_error(Code::denied, std::move(sentence)); }

std::string_view without_scheme(std::string_view issuer) {
  constexpr std::string_view kScheme = "https://";
  if (issuer.starts_with(kScheme)) issuer.remove_prefix(kScheme.size());
  return issuer;
}

// Empty where it is no bearer token.
std::string_view token_of(std::string_view authorization) {
  authorization = trim(authorization);
  const std::size_t space = authorization.find(' ');
  if (space == std::string_view::npos || !equals_ignoring_case(authorization.substr(0, space), "Bearer")) return {};
  return trim(authorization.substr(space));
}

}  // namespace

OidcGate::OidcGate(OidcRules rules, KeyFetcher fetch, const Clock& clock)
    : rules_(std::move(rules)),
      clock_(clock),
      cache_(std::make_unique<KeyCache>(rules_.keys_url, std::move(fetch), clock)) {}

std::optional<Error> OidcGate::refuse_claims(const OidcToken& token) const {
  const std::int64_t now = clock_.unix_ms() / 1000;
  if (without_scheme(token.issuer) != without_scheme(rules_.issuer))
    return denied("The bearer token is of another issuer than " + rules_.issuer + ".");
  if (std::find(token.audiences.begin(), token.audiences.end(), rules_.audience) == token.audiences.end())
    return denied("The bearer token is for another audience than this webhook's.");
  if (!token.expires_s) return denied("The bearer token does not say when it expires.");
  if (*token.expires_s + kSkewSeconds <= now) return denied("The bearer token has expired.");
  const std::int64_t begins = std::max(token.not_before_s.value_or(0), token.issued_s.value_or(0));
  if (begins - kSkewSeconds > now) return denied("The bearer token is not valid yet: are both clocks right?");
  return std::nullopt;
}

std::optional<Error> OidcGate::refuse_identity(const OidcToken& token) const {
  if (rules_.email.empty() && rules_.subject.empty())
    return denied("This webhook takes no token: set its serviceAccount or its subject.");
  if (!rules_.email.empty() && (token.email != rules_.email || !token.email_verified))
    return denied("The bearer token is of another service account than this webhook's.");
  if (!rules_.subject.empty() && token.subject != rules_.subject)
    return denied("The bearer token is of another subject than this webhook's.");
  return std::nullopt;
}

Task<std::optional<Error>> OidcGate::refuse(std::string authorization) const {
  const std::string_view text = token_of(authorization);
  if (text.empty()) co_return denied("The header Authorization must be Bearer with a token of " + rules_.issuer + ".");
  const Result<OidcToken> token = read_token(text);
  if (!token) co_return token.error();
  // What could never be right costs the issuer nothing; whose token is wanted is told to holders of real ones only.
  if (token->algorithm != "RS256") co_return denied("The bearer token must be signed with RS256.");
  if (auto why = refuse_claims(*token)) co_return why;
  const Result<std::shared_ptr<const KeySet>> keys = co_await cache_->keys(token->key_id);
  if (!keys) co_return keys.error();
  if (!(*keys)->has(token->key_id))
    co_return denied("The bearer token is signed with a key that its issuer does not have.");
  if (!(*keys)->verifies(*token)) co_return denied("The signature of the bearer token is wrong.");
  co_return refuse_identity(*token);
}

}  // namespace headwind::api
