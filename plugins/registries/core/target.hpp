// SPDX-License-Identifier: Apache-2.0
// The places where one repository can be read, in the order in which they are asked: its mirrors, then its endpoint.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/account.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/settings.hpp"

namespace headwind::registries {

struct Target {
  std::string host;  // as image references and settings name it; a mirror's own
  std::string url;   // "https://registry-1.docker.io"
  std::string path;  // of the repository, as it is called there
  std::string name;  // for sentences: "registry docker.io", "mirror m.example.com of registry docker.io"
  bool mirror = false;
  Account account;  // a mirror never gets that of the registry
  std::vector<std::string> token_hosts;

  std::string api(std::string_view rest) const { return url + "/v2/" + path + "/" + std::string(rest); }
};

// At least one; the last one is the registry itself.
std::vector<Target> targets_of(const Settings& settings, const Repository& repository, Transport& transport);

// What is known of well-known registries beyond the specification. Found by the host's name.
struct Family {
  std::string_view name;
  std::string_view token_user;  // with whose name an identity token is a password, where Basic is wanted
  std::string_view remedy;      // what to look at where access is denied
};
const Family& family_of(std::string_view host);

}  // namespace headwind::registries
