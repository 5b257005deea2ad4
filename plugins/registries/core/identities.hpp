// SPDX-License-Identifier: Apache-2.0
// Who this process is at Google and at Azure, as accounts of registries. What a cloud gives is kept until shortly
// before its end and fetched by one call for all; see renewed.hpp.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "registries/core/cloud_environment.hpp"
#include "registries/core/renewed.hpp"
#include "registries/core/target.hpp"

namespace headwind::registries {

class Identities {  // safe from several threads
 public:
  explicit Identities(CloudEnvironment environment) : environment_(std::move(environment)) {}

  // The target's account with user and token, where it is that of a cloud; any other as it is. Refused for a target
  // that is no place of that cloud, whatever the settings say.
  Outcome<Account> login(const Target& target, Transport& transport);
  // The registry does not take what login() gave: the next one is another, unless this one is younger than a minute.
  void refuse(const Target& target, const Account& login, Transport& transport);

 private:
  using Token = Renewed<std::string>;
  Outcome<std::string> token(const Target& target, Transport& transport);
  Outcome<Lease<std::string>> exchange(const Target& target, Transport& transport);
  std::shared_ptr<Token> azure_registry(const std::string& url);

  const CloudEnvironment environment_;
  Token google_{"Google's metadata server"}, azure_{"Azure's token service"};
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Token>> azure_registries_;  // by URL: what each gave for our token
};

}  // namespace headwind::registries
