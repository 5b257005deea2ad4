// SPDX-License-Identifier: Apache-2.0
#include "registries/core/failures.hpp"
#include "registries/core/identity_answers.hpp"
#include "registries/core/identity_sources.hpp"
#include "registries/core/url.hpp"

namespace headwind::registries {
namespace {

constexpr std::int64_t patience_ms = 3'000;
constexpr std::uint64_t max_answer = 64 * 1024;
// The metadata server hands out the same token until four or five minutes before its end (golang.org/x/oauth2, as
// changed for that in v0.21): asked earlier than this, it has nothing newer.
constexpr std::int64_t ahead_ms = 225'000;
constexpr const char* default_host = "metadata.google.internal";
constexpr const char* path = "/computeMetadata/v1/instance/service-accounts/default/token";

Failure refusal(const Response& response, const std::string& server, Transport& transport) {
  const int status = response.status;
  const std::string answered = server + " answered " + std::to_string(status);
  if (status == 429) return {HW_THROTTLED, answered + ": it asks to slow down", wait_of(response, transport)};
  if (status >= 500 || status == 408) return {HW_UNAVAILABLE, answered, wait_of(response, transport)};
  if (status == 404)
    return {HW_DENIED, answered + ": this machine has no service account; give the node pool or the pod one", 0};
  if (status == 403)
    return {HW_DENIED,
            answered +
                ": let Headwind's Kubernetes service account act as the service account that its annotation "
                "iam.gke.io/gcp-service-account names, by the role roles/iam.workloadIdentityUser",
            0};
  return {HW_DENIED, answered + " when asked for a token", 0};
}

}  // namespace

Outcome<Lease<std::string>> google_token(const CloudEnvironment& environment, Transport& transport) {
  const bool named = !environment.gce_metadata_host.empty();
  const std::string url = "http://" + (named ? environment.gce_metadata_host : std::string(default_host));
  if (!origin_of(url) || !path_of(url).empty())
    return Failure{HW_INVALID, "GCE_METADATA_HOST must be a host, with or without a port", 0};
  const std::string server = "Google's metadata server at " + url;
  const Request request{"GET", url + path, {{"Metadata-Flavor", "Google"}}, max_answer};
  const auto response = transport.exchange_within(request, patience_ms);
  if (!response) {
    if (response.failure().code == HW_CANCELLED) return response.failure();
    return Failure{HW_UNAVAILABLE,
                   server + " gave no answer: identity gcp works within Google Cloud only, and a proxy needs " +
                       origin_of(url)->host + " in NO_PROXY; elsewhere use a pull secret",
                   0};
  }
  // Whoever else answers there, such as a proxy, tells nothing about who we are.
  if (response->header("metadata-flavor") != "Google")
    return Failure{HW_DENIED,
                   "what answers at " + url +
                       " is not Google's metadata server: identity gcp works within Google "
                       "Cloud only, and a proxy needs " +
                       origin_of(url)->host + " in NO_PROXY",
                   0};
  if (response->status != 200) return refusal(*response, server, transport);
  auto token = read_access_token(response->body);
  if (!token) return Failure{HW_UNAVAILABLE, server + " answered without a usable token", 0};
  return Lease<std::string>{std::move(token->value), token->life_ms, token->life_ms - ahead_ms};
}

}  // namespace headwind::registries
