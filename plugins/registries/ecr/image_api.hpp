// SPDX-License-Identifier: Apache-2.0
// One private repository by ECR's API: its tags, and the digests and platforms of its images.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/images.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/tag_listing.hpp"
#include "registries/ecr/account.hpp"
#include "registries/ecr/host_name.hpp"

namespace headwind::registries::ecr {

class ImageApi {
 public:
  // All must outlive it.
  ImageApi(JsonApi& api, const HostName& host, const Repository& repository, EcrTransport& transport)
      : api_(api), host_(host), repository_(repository), transport_(transport) {}

  // Every tag once, with its digest and the time when that image was pushed; answers how many.
  Outcome<std::size_t> list(const OnTags& on_tags);
  // What the tag itself names.
  Outcome<Artifact> resolve(std::string_view tag);
  // The image that a node of that platform would run; else HW_NOT_FOUND.
  Outcome<Artifact> select(const Artifact& top, const Platform& node);
  // Each once; none where it is no image.
  Outcome<std::vector<Platform>> platforms(const std::string& digest);

 private:
  struct Image {
    Artifact artifact;
    Platform platform;
  };
  nlohmann::json arguments() const;
  // All images behind a digest, down through indexes.
  Outcome<std::vector<Image>> images(const std::string& digest, int depth);
  Outcome<Manifest> manifest(const std::string& digest);
  Outcome<Platform> platform_of(const Manifest& manifest);
  Failure doubt(const std::string& why, const std::string& what) const;

  JsonApi& api_;
  const HostName& host_;
  const Repository& repository_;
  EcrTransport& transport_;
  int fetches_ = 0;
};

}  // namespace headwind::registries::ecr
