// SPDX-License-Identifier: Apache-2.0
// Anonymous, Basic and Bearer access to registries: which Authorization header a request gets.
//
// Nothing is sent before a registry asks: its 401 names the scheme. What it asked for is remembered per host, tokens
// per scope until 80 % of their life has passed. Credentials go to the configured endpoint, and to a token server only
// on the same site or where the settings name it.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "registries/core/header_values.hpp"
#include "registries/core/settings.hpp"
#include "registries/core/transport.hpp"

namespace headwind::registries {

class Authorization {
 public:
  // What is already known to be wanted: "Bearer ...", "Basic ..." or nothing. Safe from several threads, as all here.
  Outcome<std::string> known(const std::string& host, const HostSettings& settings, const std::string& scope,
                             Transport& transport);
  // The answer to a 401: drops what was known for the scope and obtains anew.
  Outcome<std::string> answer(const std::string& host, const HostSettings& settings, const std::string& scope,
                              const Response& challenged, Transport& transport);

 private:
  struct Token {
    std::string value;
    std::int64_t until_mono_ms = 0;
  };
  Outcome<std::string> fetch_token(const std::string& host, const HostSettings& settings, const std::string& scope,
                                   const Challenge& challenge, Transport& transport);
  void remember(const std::string& key, Token token, std::int64_t now);

  std::mutex mutex_;
  std::map<std::string, Token> tokens_;  // by host, space, scope
  std::map<std::string, bool> basic_;    // hosts that asked for Basic
};

// "Basic <base64 of username:password>".
std::string basic_authorization(std::string_view username, std::string_view password);

}  // namespace headwind::registries
