// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/json_api.hpp"

#include <algorithm>
#include <array>

#include "registries/core/header_values.hpp"
#include "registries/core/json_text.hpp"
#include "registries/ecr/credential_text.hpp"
#include "registries/ecr/sigv4.hpp"

namespace headwind::registries::ecr {
namespace {

constexpr std::uint64_t max_answer = 16 * 1024 * 1024;  // the host's own limit; a page of images has 1 MiB
constexpr std::size_t max_error = 64 * 1024;

enum class Meaning { right, stale, signature, throttled, unavailable, missing, other };

struct Known {
  std::string_view name;
  Meaning meaning;
};
constexpr std::array known{
    Known{"AccessDeniedException", Meaning::right},
    Known{"AccessDenied", Meaning::right},
    Known{"UnauthorizedOperation", Meaning::right},
    Known{"ExpiredTokenException", Meaning::stale},
    Known{"ExpiredToken", Meaning::stale},
    Known{"UnrecognizedClientException", Meaning::stale},
    Known{"InvalidClientTokenId", Meaning::stale},
    Known{"InvalidSignatureException", Meaning::signature},
    Known{"SignatureDoesNotMatch", Meaning::signature},
    Known{"IncompleteSignatureException", Meaning::signature},
    Known{"RequestExpired", Meaning::signature},
    Known{"TooManyRequestsException", Meaning::throttled},
    Known{"RequestLimitExceeded", Meaning::throttled},
    Known{"ServerException", Meaning::unavailable},
    Known{"InternalFailure", Meaning::unavailable},
    Known{"ServiceUnavailable", Meaning::unavailable},
    Known{"ServiceUnavailableException", Meaning::unavailable},
    Known{"RepositoryNotFoundException", Meaning::missing},
    Known{"ImageNotFoundException", Meaning::missing},
    Known{"LayersNotFoundException", Meaning::missing},
    Known{"LayerInaccessibleException", Meaning::missing},
};

Meaning meaning_of(const std::string& name, int status) {
  for (const auto& entry : known)
    if (entry.name == name) return entry.meaning;
  if (name.starts_with("Throttl") || status == 429) return Meaning::throttled;
  if (status >= 500 || status == 408) return Meaning::unavailable;
  if (status == 401 || status == 403) return Meaning::right;
  return Meaning::other;
}

}  // namespace

std::string error_name(const Response& response) {
  std::string name;
  if (response.body.size() <= max_error) name = text_at(parse_json(response.body), "__type");
  if (name.empty()) name = response.header("x-amzn-errortype");
  name = name.substr(0, name.find(':'));
  if (const auto hash = name.rfind('#'); hash != std::string::npos) name.erase(0, hash + 1);
  return is_error_name(name) ? name : read_error_xml(response.body);
}

Outcome<nlohmann::json> JsonApi::call(const std::string& operation, const nlohmann::json& arguments,
                                      const std::string& what, Transport& transport) {
  const std::string target = endpoint_.is_public ? "SpencerFrontendService." : "AmazonEC2ContainerRegistry_V20150921.";
  for (int attempt = 0;; ++attempt) {
    const auto keys = chain_->keys(transport);
    if (!keys) return keys.failure();
    Request request{"POST",
                    endpoint_.url + "/",
                    {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", target + operation}},
                    max_answer,
                    arguments.dump()};
    sign(request, *keys, {endpoint_.region, service()}, transport.unix_ms());
    const auto response = transport.exchange(request);
    if (!response)  // the host adds why
      return Failure{response.failure().code, endpoint_.url + " gave no answer to " + operation + " of " + what, 0};
    if (response->status == 200) {
      auto answer = parse_json(response->body);
      if (answer.is_object()) return answer;
      return Failure{HW_UNAVAILABLE, "Amazon ECR answered something else than JSON to " + operation + " of " + what, 0};
    }
    const bool stale = meaning_of(error_name(*response), response->status) == Meaning::stale;
    if (!stale || attempt > 0 || !chain_->refuse(*keys, transport))
      return failure_of(*response, operation, what, transport);
  }
}

Failure JsonApi::failure_of(const Response& response, const std::string& operation, const std::string& what,
                            Transport& transport) const {
  const std::string name = error_name(response);
  std::string answered = "Amazon ECR in " + endpoint_.region + " answered " + std::to_string(response.status);
  if (!name.empty()) answered += " (" + name + ")";
  answered += " to " + operation + " of " + what;
  switch (meaning_of(name, response.status)) {
    case Meaning::right:
      return {HW_DENIED,
              answered + ": allow the IAM action " + service() + ":" + operation +
                  (endpoint_.is_public ? " and sts:GetServiceBearerToken" : "") + " to Headwind's role or user",
              0};
    case Meaning::stale:
      return {HW_DENIED, answered + ": the AWS credentials have expired or were deleted; renew them", 0};
    case Meaning::signature:
      return {HW_DENIED, answered + ": the secret access key does not fit its id, or the clock is wrong", 0};
    case Meaning::throttled:
      return {HW_THROTTLED, answered + ": it asks to slow down",
              parse_retry_after(response.header("retry-after"), transport.unix_ms()).value_or(0)};
    case Meaning::unavailable:
      return {HW_UNAVAILABLE, answered,
              parse_retry_after(response.header("retry-after"), transport.unix_ms()).value_or(0)};
    case Meaning::missing: return {HW_NOT_FOUND, answered, 0};
    case Meaning::other: break;
  }
  return {HW_INVALID, answered, 0};
}

}  // namespace headwind::registries::ecr
