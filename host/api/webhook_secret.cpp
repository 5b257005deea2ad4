// SPDX-License-Identifier: Apache-2.0
#include "api/webhook_secret.hpp"

#include "core/hash.hpp"
#include "core/text.hpp"

namespace headwind::api {
namespace {

using Style = WebhookSecret::Style;

// Both sides are hashed first, so that not even the length of the secret shows in the time it takes.
bool same_secret(std::string_view left, std::string_view right) {
  return equal_in_constant_time(sha256_hex(left), sha256_hex(right));
}

// Of either secret. Both are always compared: which one fits does not show either.
template <class Fits>
bool either(const WebhookSecret& secret, const Fits& fits) {
  const bool current = fits(secret.secret);
  const bool previous = !secret.previous.empty() && fits(secret.previous);
  return current || previous;
}

bool knows(const WebhookSecret& secret, std::string_view sent) {
  return either(secret, [&](const std::string& right) { return same_secret(sent, right); });
}

std::optional<std::string> refuse_segment(const WebhookSecret& secret, const std::optional<std::string>& segment) {
  if (!segment) return "The secret is missing: it is the last segment of this webhook's path.";
  if (!knows(secret, *segment)) return "The secret in the path is wrong.";
  return std::nullopt;
}

std::optional<std::string> refuse_authorization(const WebhookSecret& secret, const net::Headers& headers) {
  const bool basic = secret.style == Style::basic;
  const std::string scheme = basic ? "Basic" : "Bearer";
  const std::string_view value = trim(net::find_header(headers, "Authorization"));
  const std::size_t space = value.find(' ');
  if (space == std::string_view::npos || !equals_ignoring_case(value.substr(0, space), scheme)) {
    return "The header Authorization must be " + scheme + " with the secret of this webhook.";
  }
  std::string sent(trim(value.substr(space)));
  if (basic) {
    const std::string encoded = std::move(sent);
    base64_decode(encoded, sent);  // what is none reads as empty, which is no secret
  }
  if (!knows(secret, sent)) return "The secret in the header Authorization is wrong.";
  return std::nullopt;
}

std::optional<std::string> refuse_signature(const WebhookSecret& secret, std::string_view sent, std::string_view body) {
  const bool sha1 = secret.style == Style::hmac_sha1;
  const std::string_view prefix = sha1 ? "sha1=" : "sha256=";
  std::string hex = to_lower(sent);
  if (hex.starts_with(prefix)) hex.erase(0, prefix.size());
  const std::size_t digits = sha1 ? 40 : 64;
  if (hex.size() != digits || hex.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return "The header " + secret.header + " must be " + std::string(prefix) + "<hex>, or the hex digits alone.";
  }
  const bool fits = either(secret, [&](const std::string& key) {
    return equal_in_constant_time(hex, sha1 ? hmac_sha1_hex(key, body) : hmac_sha256_hex(key, body));
  });
  if (!fits) return "The signature in the header " + secret.header + " does not fit the body and the secret.";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> refuse_webhook(const WebhookSecret& secret, const net::Headers& headers,
                                          std::string_view body, const std::optional<std::string>& segment) {
  if (secret.secret.empty()) return "The secret of this webhook is configured but empty: set it, or remove the entry.";
  if (secret.style == Style::path) return refuse_segment(secret, segment);
  if (secret.style == Style::basic || secret.style == Style::bearer) return refuse_authorization(secret, headers);
  const std::string_view sent = trim(net::find_header(headers, secret.header));
  if (sent.empty()) return "The header " + secret.header + " is missing: this webhook has a secret.";
  if (secret.style != Style::header) return refuse_signature(secret, sent, body);
  if (!knows(secret, sent)) return "The secret in the header " + secret.header + " is wrong.";
  return std::nullopt;
}

}  // namespace headwind::api
