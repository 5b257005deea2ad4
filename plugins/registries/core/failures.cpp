// SPDX-License-Identifier: Apache-2.0
#include "registries/core/failures.hpp"

#include "registries/core/header_values.hpp"
#include "registries/core/json_text.hpp"

namespace headwind::registries {

std::int64_t wait_of(const Response& response, Transport& transport) {
  if (const auto wait = parse_retry_after(response.header("retry-after"), transport.unix_ms())) return *wait;
  return parse_retry_at(response.header("x-retry-after"), transport.unix_ms()).value_or(0);
}

std::string error_code(const Response& response) {
  const auto body = response.body.size() <= 64 * 1024 ? parse_json(response.body) : nlohmann::json();
  if (!body.is_object() || !body.contains("errors") || !body["errors"].is_array() || body["errors"].empty()) return {};
  const std::string code = text_at(body["errors"][0], "code");
  return code.size() <= 64 && code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos ? code : "";
}

Failure access_denied(const Target& target, const std::string& answered, bool known) {
  const Account& account = target.account;
  std::string sentence = answered;
  if (!account.has_secret()) {
    sentence += " and no credential was found: it does not exist or is not public; " + account.remedy(target.host);
  } else {
    sentence += known ? ": the credential (" : " and refused the credential (";
    sentence += account.text(target.host) + (known ? ") does not suffice; " : "); ") + account.remedy(target.host);
    if (const auto remedy = family_of(target.host).remedy; !remedy.empty() && account.cloud == Cloud::none)
      sentence += ", " + std::string(remedy);
  }
  return {HW_DENIED, std::move(sentence), 0};
}

Failure failure_of(const Response& response, const Target& target, const std::string& what, Transport& transport) {
  const int status = response.status;
  std::string answered = target.name + " answered " + std::to_string(status);
  if (const auto code = error_code(response); !code.empty()) answered += " (" + code + ")";
  answered += " for " + what;
  if (status == 401 || status == 403) return access_denied(target, answered, status == 403);
  if (status == 404) return {HW_NOT_FOUND, answered, 0};
  if (status == 429) return {HW_THROTTLED, answered + ": it asks to slow down", wait_of(response, transport)};
  if (status >= 500 || status == 408) return {HW_UNAVAILABLE, answered, wait_of(response, transport)};
  return {HW_INVALID, answered, 0};
}

Failure doubt(const Target& target, const std::string& why, const std::string& what) {
  return {HW_UNAVAILABLE, target.name + " " + why + " for " + what, 0};
}

Failure broken_list(const Target& target, const std::string& why, const std::string& what) {
  return {HW_INVALID, target.name + " " + why + " for " + what, 0};
}

Failure changed_list(const Target& target, const std::string& what) {
  return {HW_CONFLICT, target.name + " changed its list while it was read for " + what, 0};
}

}  // namespace headwind::registries
