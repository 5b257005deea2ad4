// SPDX-License-Identifier: Apache-2.0
// Reviews in memory: the token "<name>-token" is <name>'s.
#pragma once
#include <set>
#include <string>
#include <utility>

#include "api/auth.hpp"

namespace headwind::api {

struct HandClock final : Clock {
  std::int64_t now = 1'762'425'000'000;  // 2025-11-06T10:30:00Z
  std::int64_t unix_ms() const override { return now; }
  std::int64_t mono_ms() const override { return now; }
};

struct AuthWorld final : Authenticator, Authorizer {
  HandClock clock;
  std::set<Access> permissions;  // of everybody
  bool outage = false;
  int authentications = 0;
  int authorizations = 0;
  Identity last_asked;

  Task<Result<Identity>> authenticate(std::string token) override {
    ++authentications;
    if (outage) co_return make_error(Code::unavailable, "the API server is down.");
    constexpr std::string_view kEnd = "-token";
    if (!token.ends_with(kEnd)) co_return make_error(Code::denied, "no such token.");
    const std::string user = token.substr(0, token.size() - kEnd.size());
    Identity identity{user, "uid-" + user, {"team"}, {}};
    identity.extra["scopes"] = {"all"};
    co_return identity;
  }

  Task<Result<bool>> allowed(Identity identity, Access access) override {
    ++authorizations;
    if (outage) co_return make_error(Code::unavailable, "the API server is down.");
    last_asked = std::move(identity);
    co_return permissions.contains(access);
  }
};

}  // namespace headwind::api
