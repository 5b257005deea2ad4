// SPDX-License-Identifier: Apache-2.0
// In whose name the Hub API is asked: a user's or an organisation's, with a password or an access token.
#pragma once
#include <string>

#include "registries/core/remembered.hpp"
#include "registries/core/target.hpp"
#include "registries/dockerhub/hub_limits.hpp"

namespace headwind::registries {

class HubLogin {  // safe from several threads
 public:
  // "Bearer ...", from a login at most nine minutes ago; empty where the target's account has no user name and
  // password: identity tokens of the registry are none of the API.
  Outcome<std::string> header(const Target& api, HubLimits& limits, Transport& transport);
  // The API refused it.
  void drop(const Account& account) { tokens_.drop(account.key); }

 private:
  Remembered<std::string> tokens_;  // by account
};

}  // namespace headwind::registries
