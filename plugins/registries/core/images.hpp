// SPDX-License-Identifier: Apache-2.0
// Digests and platforms of images at one place, by the distribution API.
#pragma once
#include <string>
#include <string_view>

#include "registries/core/exchange.hpp"
#include "registries/core/image_tree.hpp"

namespace headwind::registries {

class Images : public ImageTree {
 public:
  // `name` is the repository's, for sentences. All must outlive it.
  Images(Exchange& exchange, const Target& target, std::string name, Transport& transport)
      : ImageTree(std::move(name)), exchange_(exchange), target_(target), transport_(transport) {}

  // What the tag itself names.
  Outcome<Artifact> resolve(std::string_view tag);

 private:
  Outcome<Content> fetch_manifest(const std::string& digest, const std::string& what) override;
  Outcome<std::string> fetch_config(const std::string& digest, const std::string& what) override;
  Failure doubt(const std::string& why, const std::string& what) const override;

  Exchange& exchange_;
  const Target& target_;
  Transport& transport_;
};

}  // namespace headwind::registries
