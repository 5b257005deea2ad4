// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "registries/core/token_file.hpp"
#include "registries/core/url.hpp"
#include "registries/ecr/credential_sources.hpp"
#include "registries/ecr/credential_text.hpp"

namespace headwind::registries::ecr {
namespace {

constexpr std::int64_t patience_ms = 10'000;
constexpr std::uint64_t max_answer = 64 * 1024;

struct Remedy {
  std::string_view error, remedy;
};
constexpr std::array<Remedy, 5> remedies{{
    {"AccessDenied", "let the role's trust policy name this service account and the cluster's OIDC provider"},
    {"InvalidIdentityToken", "register the cluster's OIDC provider with IAM, for the audience sts.amazonaws.com"},
    {"ExpiredTokenException", "the kubelet should have renewed the token: check the projected volume and the clock"},
    {"IDPRejectedClaim", "the cluster's OIDC provider does not accept the token: check its audience"},
    {"RegionDisabledException", "activate the token service in that region, or set region or sts_endpoint"},
}};

Failure refusal(const Response& response, const WebIdentity& identity) {
  std::string error = read_error_xml(response.body);
  std::string sentence = "Amazon's token service answered " + std::to_string(response.status);
  if (!error.empty()) sentence += " (" + error + ")";
  sentence += " for the role " + identity.role_arn;
  if (error.starts_with("Throttling")) return {HW_THROTTLED, sentence, 0};
  if (response.status >= 500 || error == "IDPCommunicationError") return {HW_UNAVAILABLE, sentence, 0};
  for (const auto& [name, remedy] : remedies)
    if (error == name) return {HW_DENIED, sentence + ": " + std::string(remedy), 0};
  return {HW_DENIED, sentence + ": check the role and its trust policy", 0};
}

}  // namespace

Outcome<Keys> from_web_identity(const WebIdentity& identity, Transport& transport) {
  const auto token = read_token_file(identity.token_file, identity.named_by);
  if (!token) return token.failure();
  const std::string name = identity.session_name.empty() ? "headwind" : identity.session_name;
  Request request{"POST",
                  identity.endpoint + "/",
                  {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "text/xml"}},
                  max_answer,
                  "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&DurationSeconds=3600&RoleArn=" +
                      percent_encode(identity.role_arn) + "&RoleSessionName=" + percent_encode(name) +
                      "&WebIdentityToken=" + percent_encode(*token)};
  const auto response = transport.exchange_within(request, patience_ms);
  if (!response)
    return Failure{response.failure().code, "Amazon's token service at " + identity.endpoint + " does not answer", 0};
  if (response->status != 200) return refusal(*response, identity);
  auto keys = read_keys_xml(response->body);
  if (!keys || keys->session_token.empty())
    return Failure{HW_UNAVAILABLE, "Amazon's token service answered without usable keys: check sts_endpoint", 0};
  return *keys;
}

}  // namespace headwind::registries::ecr
