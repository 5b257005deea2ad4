// SPDX-License-Identifier: Apache-2.0
// Webhooks whose sender proves who it is by a token of an OpenID Connect issuer, as Google's Pub/Sub does: a JSON Web
// Token, signed with RS256, in `Authorization: Bearer`.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "api/oidc_cache.hpp"
#include "core/async.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "net/http.hpp"

namespace headwind::api {

// Whose tokens are taken. Anybody gets a valid token of a public issuer, for any audience: so one of `email` and
// `subject` must be set.
struct OidcRules {
  std::string issuer = "https://accounts.google.com";  // with or without its scheme, as Google sends both
  std::string keys_url = "https://www.googleapis.com/oauth2/v3/certs";
  std::string audience{};
  std::string email{};    // the service account's; the issuer must have verified it
  std::string subject{};  // for issuers that tell no email
};

class OidcGate {
 public:
  OidcGate(OidcRules rules, KeyFetcher fetch, const Clock& clock);
  // Why the call is refused, in a sentence without any part of the token; nothing where it may pass. Code::denied: the
  // token is not right; unavailable: the issuer's keys cannot be read.
  Task<std::optional<Error>> refuse(std::string authorization) const;

 private:
  std::optional<Error> refuse_claims(const OidcToken& token) const;
  std::optional<Error> refuse_identity(const OidcToken& token) const;
  OidcRules rules_;
  const Clock& clock_;
  std::unique_ptr<KeyCache> cache_;
};

}  // namespace headwind::api
