// SPDX-License-Identifier: Apache-2.0
// The secret of a webhook endpoint: how its sender shows that it knows it. Tokens that name their sender: oidc.hpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace headwind::api {

struct WebhookSecret {
  enum class Style : std::uint8_t {
    header,     // `header` holds the secret itself
    basic,      // Authorization: Basic, of "user:password", which is the secret
    bearer,     // Authorization: Bearer, with the secret as its token
    hmac,       // `header` holds the HMAC-SHA256 of the raw body in hex, with or without "sha256=" before it
    hmac_sha1,  // the same with SHA-1 and "sha1="
    path        // the last segment of the path is the secret, for senders that can do nothing else (Docker Hub)
  };
  Style style = Style::header;
  std::string header = "X-Headwind-Token";
  std::string secret{};    // empty: nobody knows it, everything is refused
  std::string previous{};  // is accepted, too, while senders change from it to the other; empty: there is none
};

// Why the call is refused, in one sentence that does not hold the secret; nothing where it may pass.
// `segment` is the path's last segment, decoded; nothing where the path had none. Compares in constant time. The case
// of hex digits does not matter: all of them are the same signature.
std::optional<std::string> refuse_webhook(const WebhookSecret& secret, const net::Headers& headers,
                                          std::string_view body, const std::optional<std::string>& segment);

}  // namespace headwind::api
