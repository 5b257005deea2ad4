// SPDX-License-Identifier: Apache-2.0
// One place of Amazon's with one identity: its API, and the password that the API gives for the registry's OCI side.
#pragma once
#include <memory>
#include <string>

#include "registries/core/renewed.hpp"
#include "registries/ecr/json_api.hpp"

namespace headwind::registries::ecr {

class Account {
 public:
  Account(ApiEndpoint endpoint, std::shared_ptr<CredentialChain> chain) : api_(std::move(endpoint), std::move(chain)) {}

  JsonApi& api() { return api_; }
  // User and password by GetAuthorizationToken: good for 12 hours, renewed when half of that has passed.
  Outcome<Credential> login(Transport& transport);
  // The registry does not accept it: the next login() is another, unless this one is younger than a minute.
  void refuse(const Credential& login, Transport& transport);

 private:
  Outcome<Lease<std::string>> fetch(Transport& transport);
  Credential credential_of(const std::string& pair) const;

  JsonApi api_;
  Renewed<std::string> login_{"Amazon"};  // "AWS:password"
};

// "user:password" of a GetAuthorizationToken's base64; empty where it is none.
std::string decode_login(std::string_view base64);

}  // namespace headwind::registries::ecr
