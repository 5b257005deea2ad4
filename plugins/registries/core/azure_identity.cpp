// SPDX-License-Identifier: Apache-2.0
#include "registries/core/failures.hpp"
#include "registries/core/identity_answers.hpp"
#include "registries/core/identity_sources.hpp"
#include "registries/core/token_file.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::int64_t patience_ms = 10'000, near_patience_ms = 3'000;
constexpr std::uint64_t max_answer = 64 * 1024;
constexpr std::int64_t ahead_ms = 5 * 60'000;
// What tokens are for: registries, in all of Azure's clouds (azcontainerregistry of Azure's SDK for Go). One for
// Azure's resource manager would be taken, too, unless the registry forbids it, and would open much more than
// registries.
constexpr std::string_view audience = "https://containerregistry.azure.net";
constexpr const char* default_authority = "https://login.microsoftonline.com";
constexpr const char* default_metadata = "http://169.254.169.254";
constexpr const char* form = "application/x-www-form-urlencoded";

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string answer_of(const std::string& who, const Response& response) {
  std::string out = who + " answered " + std::to_string(response.status);
  if (const auto error = read_oauth_error(response.body); !error.empty()) out += " (" + error + ")";
  return out;
}

Failure refusal(const std::string& who, const Response& response, const std::string& remedy, Transport& transport) {
  const int status = response.status;
  const std::string answered = answer_of(who, response);
  if (status == 429) return {HW_THROTTLED, answered + ": it asks to slow down", wait_of(response, transport)};
  if (status >= 500 || status == 408) return {HW_UNAVAILABLE, answered, wait_of(response, transport)};
  return {HW_DENIED, answered + remedy, 0};
}

Outcome<Lease<std::string>> lease_of(const std::string& who, const Response& response) {
  auto token = read_access_token(response.body);
  if (!token) return Failure{HW_UNAVAILABLE, who + " answered without a usable token", 0};
  return Lease<std::string>{std::move(token->value), token->life_ms, token->life_ms - ahead_ms};
}

Outcome<Lease<std::string>> from_workload_identity(const CloudEnvironment& environment, Transport& transport) {
  if (environment.azure_client_id.empty() || environment.azure_tenant_id.empty())
    return Failure{HW_DENIED,
                   "AZURE_FEDERATED_TOKEN_FILE is set without AZURE_CLIENT_ID and AZURE_TENANT_ID: annotate Headwind's "
                   "service account with azure.workload.identity/client-id, and start it anew",
                   0};
  const std::string authority =
      without_slash(environment.azure_authority.empty() ? default_authority : environment.azure_authority);
  const auto origin = origin_of(authority);
  if (!origin || origin->scheme != "https" || !path_of(authority).empty())
    return Failure{HW_INVALID, "AZURE_AUTHORITY_HOST must be a URL like https://login.microsoftonline.com", 0};
  const auto assertion = read_token_file(environment.azure_token_file, "AZURE_FEDERATED_TOKEN_FILE");
  if (!assertion) return assertion.failure();
  const std::string who = "Microsoft's token service " + origin->host;
  const Request request{
      "POST",
      authority + "/" + percent_encode(environment.azure_tenant_id) + "/oauth2/v2.0/token",
      {{"Content-Type", form}, {"Accept", "application/json"}},
      max_answer,
      "grant_type=client_credentials&client_id=" + percent_encode(environment.azure_client_id) +
          "&scope=" + percent_encode(std::string(audience) + "/.default") +
          "&client_assertion_type=" + percent_encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") +
          "&client_assertion=" + percent_encode(*assertion)};
  const auto response = transport.exchange_within(request, patience_ms);
  if (!response) return Failure{response.failure().code, who + " gave no answer", response.failure().retry_after_ms};
  if (response->status == 200) return lease_of(who, *response);
  return refusal(who, *response,
                 " for the client " + environment.azure_client_id +
                     ": check its federated credential, which must name this cluster's issuer and the subject "
                     "system:serviceaccount:NAMESPACE:NAME of Headwind",
                 transport);
}

Outcome<Lease<std::string>> from_instance_metadata(const CloudEnvironment& environment, Transport& transport) {
  const std::string base =
      without_slash(environment.azure_metadata.empty() ? default_metadata : environment.azure_metadata);
  const auto origin = origin_of(base);
  if (!origin || !path_of(base).empty())
    return Failure{HW_INVALID, "AZURE_POD_IDENTITY_AUTHORITY_HOST must be a URL like http://169.254.169.254", 0};
  std::string url =
      base + "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=" + percent_encode(audience);
  if (!environment.azure_client_id.empty()) url += "&client_id=" + percent_encode(environment.azure_client_id);
  const std::string who = "Azure's instance metadata service at " + base;
  const auto response = transport.exchange_within({"GET", url, {{"Metadata", "true"}}, max_answer}, near_patience_ms);
  if (!response) {
    if (response.failure().code == HW_CANCELLED) return response.failure();
    return Failure{HW_UNAVAILABLE,
                   "AZURE_FEDERATED_TOKEN_FILE is not set, and " + who +
                       " gave no answer: give Headwind workload "
                       "identity by the label azure.workload.identity/use of its pods; a proxy needs " +
                       origin->host + " in NO_PROXY; outside of Azure use a pull secret",
                   0};
  }
  if (response->status == 200) return lease_of(who, *response);
  // While an identity is being set up: as Azure's libraries take it.
  if (response->status == 404 || response->status == 410)
    return Failure{HW_UNAVAILABLE, answer_of(who, *response) + ": the identity is not there yet", 0};
  return refusal(who, *response, ": assign a managed identity to the machine; of several, name one in AZURE_CLIENT_ID",
                 transport);
}

}  // namespace

Outcome<Lease<std::string>> azure_token(const CloudEnvironment& environment, Transport& transport) {
  return environment.azure_token_file.empty() ? from_instance_metadata(environment, transport)
                                              : from_workload_identity(environment, transport);
}

Outcome<Lease<std::string>> azure_login(const Target& registry, const std::string& token,
                                        const CloudEnvironment& environment, Transport& transport, bool& is_unknown) {
  is_unknown = false;
  const auto origin = origin_of(registry.url);
  if (!origin) return Failure{HW_INVALID, registry.name + " has no URL", 0};
  std::string body = "grant_type=access_token&service=" + percent_encode(origin->host);
  if (!environment.azure_tenant_id.empty()) body += "&tenant=" + percent_encode(environment.azure_tenant_id);
  body += "&access_token=" + percent_encode(token);
  const Request request{"POST",
                        registry.url + "/oauth2/exchange",
                        {{"Content-Type", form}, {"Accept", "application/json"}},
                        max_answer,
                        std::move(body)};
  const auto response = transport.exchange_within(request, patience_ms);
  const std::string who = "the token exchange of " + origin->host;
  if (!response) return Failure{response.failure().code, who + " gave no answer", response.failure().retry_after_ms};
  if (response->status == 200) {
    auto login = read_refresh_token(response->body, transport.unix_ms());
    if (!login) return Failure{HW_UNAVAILABLE, who + " answered without a usable token", 0};
    return Lease<std::string>{std::move(login->value), login->life_ms, login->life_ms / 2};
  }
  is_unknown = response->status == 401;
  std::string remedy = ": give it the role AcrPull on the registry";
  if (!environment.azure_client_id.empty()) remedy += ", whose client id is " + environment.azure_client_id;
  return refusal(who, *response, remedy, transport);
}

}  // namespace headwind::registries
