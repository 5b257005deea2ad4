// SPDX-License-Identifier: Apache-2.0
// One private repository by ECR's API: its tags, and the digests and platforms of its images.
#pragma once
#include <string>
#include <string_view>

#include "registries/core/image_tree.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/tag_listing.hpp"
#include "registries/ecr/account.hpp"
#include "registries/ecr/host_name.hpp"

namespace headwind::registries::ecr {

class ImageApi : public ImageTree {
 public:
  // All must outlive it.
  ImageApi(JsonApi& api, const HostName& host, const Repository& repository, Transport& transport)
      : ImageTree(repository.text()), api_(api), host_(host), path_(repository.path), transport_(transport) {}

  // Every tag once, with its digest and the time when that image was pushed; answers how many.
  Outcome<std::size_t> list(const OnTags& on_tags);
  // What the tag itself names.
  Outcome<Artifact> resolve(std::string_view tag);

 private:
  nlohmann::json arguments() const;
  Outcome<Content> fetch_manifest(const std::string& digest, const std::string& what) override;
  Outcome<std::string> fetch_config(const std::string& digest, const std::string& what) override;
  Failure doubt(const std::string& why, const std::string& what) const override;

  JsonApi& api_;
  const HostName& host_;
  const std::string& path_;  // of the repository
  Transport& transport_;
};

}  // namespace headwind::registries::ecr
