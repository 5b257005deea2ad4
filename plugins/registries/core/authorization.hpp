// SPDX-License-Identifier: Apache-2.0
// Anonymous, Basic and Bearer access to registries: which Authorization header a request gets.
//
// Nothing is sent before a registry asks: its 401 names the scheme. What it asked for is remembered per place and
// account, so that the next repository there costs no 401; tokens are kept per place, account and scopes until 80 % of
// their life has passed. Nothing is ever shared between accounts.
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "registries/core/header_values.hpp"
#include "registries/core/identities.hpp"
#include "registries/core/target.hpp"
#include "registries/core/token_cache.hpp"

namespace headwind::registries {

class Authorization {
 public:
  explicit Authorization(CloudEnvironment environment) : identities_(std::move(environment)) {}

  // What is already known to be wanted: "Bearer ...", "Basic ..." or nothing. Safe from several threads, as all here.
  Outcome<std::string> known(const Target& target, Transport& transport);
  // The answer to a 401, other than the header that was `sent`.
  Outcome<std::string> answer(const Target& target, const Response& challenged, const std::string& sent,
                              Transport& transport);

 private:
  struct Scheme {
    bool basic = false;
    TokenServer server;  // otherwise
  };
  Outcome<std::string> basic(const Target& target, const std::string& answered, Transport& transport);
  Outcome<Token> new_token(const Target& target, const TokenServer& server, const std::vector<std::string>& scopes,
                           Transport& transport);
  Outcome<std::string> bearer(const Target& target, const TokenServer& server, const std::vector<std::string>& scopes,
                              std::string_view refused, Transport& transport);
  std::vector<std::string> scopes_of(const Target& target, std::string_view demanded);
  void remember(const Target& target, Scheme scheme);

  Identities identities_;
  TokenCache tokens_;
  std::mutex mutex_;
  std::map<std::string, Scheme> schemes_;                   // by place and account
  std::map<std::string, std::vector<std::string>> scopes_;  // by these and repository: what it demanded beyond pull
};

}  // namespace headwind::registries
