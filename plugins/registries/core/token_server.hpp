// SPDX-License-Identifier: Apache-2.0
// One request for a bearer token, as the distribution specification and its OAuth2 form describe it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "registries/core/target.hpp"

namespace headwind::registries {

struct Token {
  std::string value;
  std::int64_t until_mono_ms = 0;  // 80 % of its life
};

// Where tokens of a registry come from: what its challenge named.
struct TokenServer {
  std::string realm, service;
};

// With the target's account: an identity token is posted (a server without OAuth2 gets it by Basic), a password goes by
// Basic, nobody asks without. A password is shown to servers of the registry's own site and of `token_hosts` only.
Outcome<Token> fetch_token(const Target& target, const TokenServer& server, const std::vector<std::string>& scopes,
                           Transport& transport);

// Of the body that a token server answers with 200.
struct TokenAnswer {
  std::string token;  // empty where there is none that may stand in a header
  std::int64_t life_ms = 0;
};
// 60 s where nothing is said. `issued_at` counts where it is believable: clocks differ.
TokenAnswer parse_token_answer(std::string_view body, std::int64_t now_unix_ms);

}  // namespace headwind::registries
