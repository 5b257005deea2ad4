// SPDX-License-Identifier: Apache-2.0
// Amazon's registries, private and public: tags, digests and platforms.
//
// Private ones are read by ECR's API under Headwind's own AWS credentials. The OCI side (/v2/) is used for
//   - calls with a pull credential, and hosts with a user name in the settings: with those;
//   - public registries: with nobody's name, or where public_login is set, with a password from the API;
//   - what a pull-through cache has not fetched yet: reading it there makes Amazon fetch it.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "registries/core/client.hpp"
#include "registries/ecr/accounts.hpp"
#include "registries/ecr/image_api.hpp"

namespace headwind::registries::ecr {

class EcrRegistry {  // safe from several threads; each call brings its own transport
 public:
  EcrRegistry(EcrSettings settings, Environment environment)
      : client_(settings.registries()), accounts_(std::move(settings), std::move(environment)) {}

  // Every tag once. `on_tags` answers HW_OK to go on.
  Outcome<std::size_t> list_tags(const Repository& repository, Transport& transport, const OnTags& on_tags);
  // What the tag names; with a platform ("linux/arm64/v8"), the manifest that a node of it would run.
  Outcome<Artifact> resolve(const Repository& repository, std::string_view tag, Transport& transport,
                            std::string_view platform = {});
  Outcome<std::vector<std::string>> platforms(const Repository& repository, const std::string& digest,
                                              Transport& transport);

 private:
  struct Place {
    HostName name;
    std::shared_ptr<Account> account;
    bool by_api = false;  // else by the OCI side
    bool log_in = false;  // there, with a password from the API
    bool fills = false;   // a pull-through cache: what is missing may be had by the OCI side
  };
  Outcome<Place> place_of(const Repository& repository, Transport& transport);
  // Runs `read` on the OCI side, with the account's password where `log_in` says so.
  template <class Read>
  auto by_oci(const Place& place, bool log_in, Transport& transport, Read read)
      -> decltype(read(std::declval<Transport&>()));

  Outcome<Artifact> resolve_by_api(const Place& place, const Repository& repository, std::string_view tag,
                                   std::string_view platform, Transport& transport) const;

  Client client_;
  Accounts accounts_;
};

}  // namespace headwind::registries::ecr
