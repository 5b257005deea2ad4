// SPDX-License-Identifier: Apache-2.0
#include "api/auth.hpp"

#include <algorithm>
#include <utility>

#include "api/response.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "telemetry/log.hpp"

namespace headwind::api {
namespace {

constexpr std::size_t kLongestToken = 16U << 10U;
constexpr std::size_t kMostVerdicts = 256;  // of one token

Admission unauthorized(std::string_view sentence) {
  net::ServerResponse response = problem(401, sentence);
  response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return {{}, std::move(response)};
}

Admission forbidden(const Identity& identity, const Access& access) {
  const std::string where = access.name_space.empty() ? "all namespaces" : "namespace " + access.name_space;
  const char* const role = access.resource == "loglevels"                  ? "headwind-admin"
                           : access.verb == "get" || access.verb == "list" ? "headwind-viewer"
                                                                           : "headwind-approver";
  // A release of another name, or for one namespace, has other names for them.
  return {identity,
          problem(403, "User " + identity.user + " needs the verb \"" + access.verb + "\" on " + access.resource +
                           ".headwind.sh in " + where +
                           ": bind a ClusterRole that grants it; of a default installation it is " + role + ".")};
}

Admission unreachable(const Error& error) {
  telemetry::warn("api", "identity or permission could not be reviewed", {{"error", error.message}});
  net::ServerResponse response = problem(503, "Your token could not be reviewed by the Kubernetes API; try again.");
  set_retry_after(response, error.retry_after, std::chrono::seconds(1));
  return {{}, std::move(response)};
}

// The token of "Bearer <token>"; the scheme is compared without case (RFC 9110, section 11.1).
std::string_view bearer_token(std::string_view value) {
  const std::string_view whole = trim(value);
  const std::size_t space = whole.find(' ');
  if (space == std::string_view::npos || !equals_ignoring_case(whole.substr(0, space), "Bearer")) return {};
  const std::string_view token = trim(whole.substr(space));
  return token.find(' ') == std::string_view::npos && token.size() <= kLongestToken ? token : std::string_view();
}

}  // namespace

Task<Admission> Gate::authenticate(const net::Headers& headers, std::string& key) {
  // Who comes through the API server's proxy: that takes Authorization off what it passes on (docs/adr/0027).
  std::string_view value = net::find_header(headers, "Authorization");
  if (trim(value).empty()) value = net::find_header(headers, "Headwind-Authorization");
  if (trim(value).empty()) co_return unauthorized("Missing Authorization header");
  std::string token(bearer_token(value));
  if (token.empty()) co_return unauthorized("Invalid Authorization header format. Expected: Bearer <token>");
  key = sha256_hex(token);
  auto identity = co_await identify(key, std::move(token));
  if (identity) co_return Admission{std::move(*identity), std::nullopt};
  if (identity.error().code != Code::denied) co_return unreachable(identity.error());
  co_return unauthorized("Token validation failed: " + identity.error().message);
}

Task<Admission> Gate::recognise(const net::Headers& headers) {
  if (open()) co_return Admission{};
  std::string key;
  co_return co_await authenticate(headers, key);
}

Task<Admission> Gate::admit(const net::Headers& headers, Access access) {
  if (open()) co_return Admission{};
  std::string key;
  Admission admission = co_await authenticate(headers, key);
  if (admission.refusal) co_return admission;
  const auto allowed = co_await permit(key, admission.identity, access);
  if (!allowed) co_return unreachable(allowed.error());
  if (!*allowed) co_return forbidden(admission.identity, access);
  co_return admission;
}

Task<Result<Identity>> Gate::identify(std::string key, std::string token) {
  if (const auto found = known_.find(key); found != known_.end() && clock_->mono_ms() < found->second.until_ms) {
    if (found->second.identity) co_return *found->second.identity;
    co_return make_error(Code::denied, found->second.why);
  }
  auto identity = co_await authenticator_->authenticate(std::move(token));
  if (identity && identity->user.empty()) {
    co_return make_error(Code::denied, "the token belongs to no user.");
  }
  if (!identity && identity.error().code != Code::denied) co_return identity;
  const std::int64_t now = clock_->mono_ms();
  forget_old(now);
  Known known;
  known.until_ms = now + kRememberedMs;
  if (identity) {
    known.identity = *identity;
  } else {
    known.why = identity.error().message;
  }
  known_.insert_or_assign(std::move(key), std::move(known));
  co_return identity;
}

Task<Result<bool>> Gate::permit(std::string key, Identity identity, Access access) {
  if (const auto found = known_.find(key); found != known_.end()) {
    const auto verdict = found->second.verdicts.find(access);
    if (verdict != found->second.verdicts.end() && clock_->mono_ms() < verdict->second.until_ms) {
      co_return verdict->second.allowed;
    }
  }
  auto allowed = co_await authorizer_->allowed(std::move(identity), access);
  if (!allowed) co_return allowed;
  if (const auto found = known_.find(key); found != known_.end()) {  // it may have been forgotten while we waited
    if (found->second.verdicts.size() >= kMostVerdicts) found->second.verdicts.clear();
    found->second.verdicts.insert_or_assign(std::move(access),
                                            Known::Verdict{clock_->mono_ms() + kRememberedMs, *allowed});
  }
  co_return allowed;
}

void Gate::forget_old(std::int64_t now) {
  std::erase_if(known_, [now](const auto& entry) { return entry.second.until_ms <= now; });
  if (known_.size() < kMostRemembered) return;
  known_.erase(std::min_element(known_.begin(), known_.end(), [](const auto& left, const auto& right) {
    return left.second.until_ms < right.second.until_ms;
  }));
}

}  // namespace headwind::api
