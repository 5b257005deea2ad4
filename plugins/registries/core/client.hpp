// SPDX-License-Identifier: Apache-2.0
// The OCI distribution API as far as an updater needs it: all tags of a repository, the digest behind a tag, the
// platforms of an image. Mirrors are asked first; their word is never final: what they do not answer, or deny, is asked
// of the next one, and at last of the registry itself. So is what a tag names where a mirror lags behind another place.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/exchange.hpp"
#include "registries/core/images.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/settings.hpp"
#include "registries/core/tag_listing.hpp"
#include "registries/core/tag_memory.hpp"
#include "registries/core/transport.hpp"

namespace headwind::registries {

class Client {  // safe from several threads; each call brings its own transport
 public:
  explicit Client(Settings settings, CloudEnvironment environment = CloudEnvironment::of_process())
      : settings_(std::move(settings)), exchange_(std::move(environment)) {}

  // Every tag once, page by page, in the registry's order. `on_page` answers HW_OK to go on.
  Outcome<std::size_t> list_tags(const Repository& repository, Transport& transport,
                                 const std::function<hw_status(const std::vector<std::string>&)>& on_page);
  // The same with what some registries tell beside the names.
  Outcome<std::size_t> list_rows(const Repository& repository, Transport& transport, const OnTags& on_tags);
  // What the tag names; with a platform ("linux/arm64/v8"), the manifest that a node of it would run.
  Outcome<Artifact> resolve(const Repository& repository, std::string_view tag, Transport& transport,
                            std::string_view platform = {});
  // "linux/amd64", "linux/arm/v7": those of the image that the digest names, none where it is no image.
  Outcome<std::vector<std::string>> platforms(const Repository& repository, std::string_view digest,
                                              Transport& transport);

  const Settings& settings() const { return settings_; }
  // For what a plugin asks of its registry beyond the distribution API, on the same authorization.
  Exchange& exchange() { return exchange_; }

 private:
  Settings settings_;
  Exchange exchange_;
  PageMemory pages_;
  TagMemory tags_;
};

}  // namespace headwind::registries
