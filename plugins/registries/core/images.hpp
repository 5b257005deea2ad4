// SPDX-License-Identifier: Apache-2.0
// Digests and platforms of images at one place. Index digests and manifest digests are never confused: each content is
// fetched by the digest that names it, and checked against it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "registries/core/exchange.hpp"
#include "registries/core/manifest.hpp"

namespace headwind::registries {

struct Artifact {
  std::string digest;      // of the index or manifest that the tag names
  std::string media_type;  // without parameters
};

class Images {
 public:
  // `name` is the repository's, for sentences. All must outlive it.
  Images(Exchange& exchange, const Target& target, std::string name, Transport& transport)
      : exchange_(exchange), target_(target), name_(std::move(name)), transport_(transport) {}

  // What the tag itself names.
  Outcome<Artifact> resolve(std::string_view tag);
  // The image of an index, or the manifest itself, that a node of that platform would run; else HW_NOT_FOUND.
  Outcome<Artifact> select(const Artifact& top, const Platform& node);
  // The platforms of an image, each once; none where it is no image.
  Outcome<std::vector<Platform>> platforms(const std::string& digest);

 private:
  struct Image {
    Artifact artifact;
    Platform platform;
  };
  Outcome<Manifest> manifest(const std::string& digest);
  Outcome<Platform> platform_of(const Manifest& manifest);
  // All images behind a digest, down through indexes.
  Outcome<std::vector<Image>> images(const std::string& digest, int depth);

  Exchange& exchange_;
  const Target& target_;
  std::string name_;
  Transport& transport_;
  int fetches_ = 0;
};

}  // namespace headwind::registries
