// SPDX-License-Identifier: Apache-2.0
// The secret of a webhook endpoint: how its sender shows that it knows it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "net/http.hpp"

namespace headwind::api {

struct WebhookSecret {
  enum class Style {
    header,  // `header` holds the secret itself
    hmac,    // `header` holds "sha256=<hex>", the HMAC-SHA256 of the raw body with the secret as its key
    path     // the last segment of the path is the secret, for senders that can send neither (Docker Hub)
  };
  Style style = Style::header;
  std::string header = "X-Headwind-Token";
  std::string secret;  // empty: nobody knows it, everything is refused
};

// Why the call is refused, in one sentence that does not hold the secret; nothing where it may pass.
// `segment` is the path's last segment, decoded; nothing where the path had none. Compares in constant time.
std::optional<std::string> refuse_webhook(const WebhookSecret& secret, const net::Headers& headers,
                                          std::string_view body, const std::optional<std::string>& segment);

}  // namespace headwind::api
