// SPDX-License-Identifier: Apache-2.0
#include "registries/core/call_transport.hpp"

#include <chrono>

namespace headwind::registries {
namespace {

Failure failure_of(const hw::error& error) {
  return {static_cast<hw_status>(error.code()), error.what(), error.retry_after().count()};
}

}  // namespace

Outcome<Response> CallTransport::send(const hw::call& call, const Request& request) const {
  hw::http_request out;
  out.method = request.method;
  out.url = request.url;
  out.headers = request.headers;
  out.body = request.body;
  out.max_body = request.max_body;
  try {
    auto response = http_.exchange(call, out);
    return Response{response.status, std::move(response.headers), std::move(response.body)};
  } catch (const hw::error& error) {
    return failure_of(error);
  }
}

Outcome<Response> CallTransport::exchange_within(const Request& request, std::int64_t ms) {
  auto response = send(hw::sooner_call(call_, std::chrono::milliseconds(ms)), request);
  // The host calls both the same; but here the call itself may still go on.
  if (!response && response.failure().code == HW_CANCELLED && !call_.cancelled())
    return Failure{HW_UNAVAILABLE, "no answer came within " + std::to_string(ms) + " ms", 0};
  return response;
}

std::optional<Credential> CallTransport::credential() {
  const std::optional<hw::credential> found = pull_.credential(call_);
  if (!found) return std::nullopt;
  return Credential{std::string(found->identity), std::string(found->username), std::string(found->password),
                    std::string(found->identity_token), std::string(found->registry_token)};
}

Outcome<std::string> CallTransport::secret(const std::string& name) {
  if (!secrets_) return Failure{HW_DENIED, "no secret is configured for this registry", 0};
  try {
    return secrets_->read(call_, name);
  } catch (const hw::error& error) {
    return failure_of(error);
  }
}

}  // namespace headwind::registries
