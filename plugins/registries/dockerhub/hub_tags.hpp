// SPDX-License-Identifier: Apache-2.0
// The tags of a repository by the Hub API: a hundred a request, with the time of each push and the digest, which the
// registry itself would tell one by one or not at all.
#pragma once
#include <functional>
#include <string>

#include "registries/core/settings.hpp"
#include "registries/dockerhub/hub_login.hpp"
#include "registries/dockerhub/hub_page.hpp"
#include "registries/dockerhub/hub_settings.hpp"

namespace headwind::registries {

class HubTags {  // safe from several threads; each call brings its own transport
 public:
  HubTags(Settings settings, HubSettings hub) : settings_(std::move(settings)), hub_(std::move(hub)) {}

  using OnPage = std::function<hw_status(const hw::tag_page&)>;
  // True: every tag was told once, page by page. False: the registry is to be asked instead. `on_page` answers HW_OK
  // to go on.
  Outcome<bool> list(const Repository& repository, Transport& transport, const OnPage& on_page);

 private:
  struct Reading;
  Outcome<Response> get(const Target& api, const std::string& url, const std::string& what, Transport& transport);
  Outcome<bool> read(Reading& reading, Transport& transport, const OnPage& on_page);

  Settings settings_;
  HubSettings hub_;
  HubLimits limits_;
  HubLogin login_;
  Remembered<bool> detours_;  // repositories, by account, that the API does not give whole
};

}  // namespace headwind::registries
