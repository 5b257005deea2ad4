// SPDX-License-Identifier: Apache-2.0
// Who may pull: nobody asked, Basic, or Bearer tokens from the registry's own /token.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fake/query.hpp"
#include "fake/registry.hpp"
#include "net/server.hpp"

namespace headwind::fake {

class RegistryAccess {
 public:
  explicit RegistryAccess(const RegistryOptions& options) : options_(options) {}

  // Nothing where the request may go on; else the WWW-Authenticate of its 401. `scope` is empty for the ping.
  std::optional<std::string> challenge(const net::ServerRequest& request, const std::string& realm,
                                       const std::string& scope) const;
  net::ServerResponse issue(const net::ServerRequest& request);
  void revoke_all() { tokens_.clear(); }

 private:
  struct Token {
    std::vector<std::string> scopes;
    std::int64_t expires_ms = 0;
  };
  // The user of a Basic header; nothing where it is wrong; empty where there is no such header.
  std::optional<std::string> basic_user(const net::ServerRequest& request) const;

  const RegistryOptions& options_;
  std::map<std::string, Token, std::less<>> tokens_;
  std::uint64_t issued_ = 0;
};

}  // namespace headwind::fake
