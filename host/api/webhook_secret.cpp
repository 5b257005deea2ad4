// SPDX-License-Identifier: Apache-2.0
#include "api/webhook_secret.hpp"

#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

// Both sides are hashed first, so that not even the length of the secret shows in the time it takes.
bool same_secret(std::string_view left, std::string_view right) {
  return equal_in_constant_time(sha256_hex(left), sha256_hex(right));
}

}  // namespace

std::optional<std::string> refuse_webhook(const WebhookSecret& secret, const net::Headers& headers,
                                          std::string_view body, const std::optional<std::string>& segment) {
  if (secret.secret.empty()) return "The secret of this webhook is configured but empty: set it, or remove the entry.";
  if (secret.style == WebhookSecret::Style::path) {
    if (!segment) return "The secret is missing: it is the last segment of this webhook's path.";
    if (!same_secret(*segment, secret.secret)) return "The secret in the path is wrong.";
    return std::nullopt;
  }
  const std::string_view sent = trim(net::find_header(headers, secret.header));
  if (sent.empty()) return "The header " + secret.header + " is missing: this webhook has a secret.";
  if (secret.style == WebhookSecret::Style::header) {
    if (!same_secret(sent, secret.secret)) return "The secret in the header " + secret.header + " is wrong.";
    return std::nullopt;
  }
  constexpr std::string_view kPrefix = "sha256=";
  if (!sent.starts_with(kPrefix)) return "The header " + secret.header + " must be sha256=<hex>.";
  const std::string right = hmac_sha256_hex(secret.secret, body);
  if (!equal_in_constant_time(to_lower(sent.substr(kPrefix.size())), right)) {
    return "The signature in the header " + secret.header + " does not fit the body and the secret.";
  }
  return std::nullopt;
}

}  // namespace headwind::api
