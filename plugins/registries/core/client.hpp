// SPDX-License-Identifier: Apache-2.0
// The OCI distribution API as far as an updater needs it: all tags of a repository, the digest behind a tag.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/authorization.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/settings.hpp"
#include "registries/core/transport.hpp"

namespace headwind::registries {

struct Artifact {
  std::string digest;      // of the index or manifest that the tag names
  std::string media_type;  // without parameters
};

class Client {  // safe from several threads; each call brings its own transport
 public:
  explicit Client(Settings settings) : settings_(std::move(settings)) {}

  // Every tag once, page by page, in the registry's order. `on_page` answers HW_OK to go on.
  Outcome<std::size_t> list_tags(const Repository& repository, Transport& transport,
                                 const std::function<hw_status(const std::vector<std::string>&)>& on_page);
  Outcome<Artifact> resolve(const Repository& repository, std::string_view tag, Transport& transport);

  const Settings& settings() const { return settings_; }

 private:
  // One request with its authorization and, within limits, its redirects.
  Outcome<Response> send(const Repository& repository, const HostSettings& host, Request request, Transport& transport);

  Settings settings_;
  Authorization authorization_;
};

}  // namespace headwind::registries
