// SPDX-License-Identifier: Apache-2.0
// AWS Signature Version 4 in the Authorization header.
//
// All headers of the request are signed, and `host` as the URL says; so the HTTP client must send both unchanged. It
// may add others. The path is taken as it is, without resolving its dots.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "registries/core/transport.hpp"
#include "registries/ecr/keys.hpp"

namespace headwind::registries::ecr {

struct SigningScope {
  std::string region;   // "eu-west-1"
  std::string service;  // "ecr"
};

// Adds X-Amz-Date, X-Amz-Security-Token where the keys have one, and Authorization.
void sign(Request& request, const Keys& keys, const SigningScope& scope, std::int64_t unix_ms);

// What is hashed and signed: method, path, sorted query, sorted headers, their names, the body's hash.
std::string canonical_request(const Request& request);

}  // namespace headwind::registries::ecr
