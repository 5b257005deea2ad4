// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/credential_chain.hpp"

#include "registries/ecr/host_name.hpp"

namespace headwind::registries::ecr {
namespace {

constexpr std::int64_t ahead_ms = 5 * 60'000;
constexpr std::int64_t without_expiry_ms = 15 * 60'000;
constexpr const char* default_metadata = "http://169.254.169.254";

Lease<Keys> lease(Keys keys, std::int64_t now) {
  const std::int64_t life = keys.expires_unix_ms == 0 ? without_expiry_ms : keys.expires_unix_ms - now;
  return {std::move(keys), life, life - ahead_ms};
}

}  // namespace

Outcome<Keys> CredentialChain::from_settings(Transport& transport) const {
  Keys keys{settings_.access_key_id, {}, {}};
  auto secret = transport.secret(settings_.secret_access_key_secret);
  if (!secret) return secret.failure();
  keys.secret = std::move(*secret);
  if (!settings_.session_token_secret.empty()) {
    auto token = transport.secret(settings_.session_token_secret);
    if (!token) return token.failure();
    keys.session_token = std::move(*token);
  }
  if (is_usable(keys)) return keys;
  return Failure{HW_INVALID,
                 "the secret " + settings_.secret_access_key_secret +
                     " does not hold a secret access key: it is empty, or has spaces or line ends",
                 0};
}

WebIdentity CredentialChain::web_identity() const {
  WebIdentity out;
  out.role_arn = settings_.role_arn.empty() ? environment_->get("AWS_ROLE_ARN") : settings_.role_arn;
  const bool named = !settings_.web_identity_token_file.empty();
  out.named_by = named ? "web_identity_token_file" : "AWS_WEB_IDENTITY_TOKEN_FILE";
  out.token_file = named ? settings_.web_identity_token_file : environment_->get(out.named_by);
  out.session_name = environment_->get("AWS_ROLE_SESSION_NAME");
  out.endpoint = settings_.sts_endpoint;
  if (out.endpoint.empty()) {
    const auto own = environment_->region();
    out.endpoint = sts_endpoint(!settings_.region.empty() ? settings_.region : own.empty() ? region_ : own);
  }
  return out;
}

Outcome<Keys> CredentialChain::keys(Transport& transport) {
  if (!settings_.access_key_id.empty()) return from_settings(transport);
  const bool role = !settings_.role_arn.empty() || !settings_.web_identity_token_file.empty();
  Keys own{environment_->get("AWS_ACCESS_KEY_ID"), environment_->get("AWS_SECRET_ACCESS_KEY"),
           environment_->get("AWS_SESSION_TOKEN")};
  if (!role && !own.id.empty() && !own.secret.empty()) {
    if (is_usable(own)) return own;
    return Failure{HW_INVALID, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not usable keys", 0};
  }
  return temporary_.get(transport, [&]() -> Outcome<Lease<Keys>> {
    auto fetched = fetch(transport);
    if (!fetched) return fetched.failure();
    return lease(std::move(*fetched), transport.unix_ms());
  });
}

Outcome<Keys> CredentialChain::fetch(Transport& transport) const {
  const auto identity = web_identity();
  if (!identity.token_file.empty() && !identity.role_arn.empty()) return from_web_identity(identity, transport);
  if (!settings_.role_arn.empty() || !settings_.web_identity_token_file.empty())
    return Failure{HW_INVALID,
                   identity.token_file.empty()
                       ? "role_arn is assumed by web identity: set web_identity_token_file, or annotate the service "
                         "account with eks.amazonaws.com/role-arn"
                       : "web_identity_token_file needs role_arn",
                   0};
  if (has_container_credentials(*environment_)) return from_container(*environment_, transport);
  if (environment_->is_true("AWS_EC2_METADATA_DISABLED"))
    return Failure{HW_DENIED,
                   "no AWS credentials were found: give Headwind a role by IRSA or pod identity, or set access_key_id",
                   0};
  std::string endpoint = settings_.imds_endpoint;
  if (endpoint.empty()) endpoint = environment_->get("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (endpoint.empty()) endpoint = default_metadata;
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return from_instance_metadata({endpoint, environment_->is_true("AWS_EC2_METADATA_V1_DISABLED")}, transport);
}

bool CredentialChain::refuse(const Keys& keys, Transport& transport) {
  // Keys that we were given are read anew for each request anyway.
  const bool given = !settings_.access_key_id.empty() || keys.id == environment_->get("AWS_ACCESS_KEY_ID");
  return !given && temporary_.refuse(keys, transport);
}

}  // namespace headwind::registries::ecr
