// SPDX-License-Identifier: Apache-2.0
// A JSON Web Token (RFC 7519) taken apart. Inner header of the gate in oidc.hpp: nothing in here is proof of anything
// before the signature is checked.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace headwind::api {

struct OidcToken {
  std::string algorithm, key_id;       // "RS256"; which of the issuer's keys has signed
  std::string signed_part, signature;  // header and claims as they were sent; raw bytes
  std::string issuer, subject, email;
  std::vector<std::string> audiences;
  bool email_verified = false;
  std::optional<std::int64_t> expires_s, not_before_s, issued_s;  // Unix seconds
};

inline constexpr std::size_t kLongestToken = 16 * 1024;

// Code::denied, in a sentence without any part of the token, where it is none.
Result<OidcToken> read_token(std::string_view text);

}  // namespace headwind::api
