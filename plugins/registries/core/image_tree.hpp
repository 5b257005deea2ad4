// SPDX-License-Identifier: Apache-2.0
// The images behind a digest, down through indexes, wherever their contents come from. Index digests and manifest
// digests are never confused: each content is fetched by the digest that names it, and checked against it.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "registries/core/manifest.hpp"
#include "registries/core/outcome.hpp"
#include "registries/core/platform.hpp"

namespace headwind::registries {

struct Artifact {
  std::string digest;      // of the index or manifest that the tag names
  std::string media_type;  // without parameters
};

class ImageTree {
 public:
  virtual ~ImageTree() = default;
  // The image of an index, or the manifest itself, that a node of that platform would run; else HW_NOT_FOUND.
  Outcome<Artifact> select(const Artifact& top, const Platform& node);
  // The platforms of an image, each once; none where it is no image.
  Outcome<std::vector<Platform>> platforms(const std::string& digest);

 protected:
  static constexpr std::uint64_t max_config_body = 8 * 1024 * 1024;
  struct Content {
    std::string body;
    std::string media_type;  // as the answer calls it, without parameters; empty: it does not say
  };

  // `name` is the repository's, for sentences.
  explicit ImageTree(std::string name) : name_(std::move(name)) {}
  const std::string& name() const { return name_; }

  // The content of that digest; `what` names it in a failure. Whether it has that digest is checked by the caller.
  virtual Outcome<Content> fetch_manifest(const std::string& digest, const std::string& what) = 0;
  virtual Outcome<std::string> fetch_config(const std::string& digest, const std::string& what) = 0;
  virtual Failure doubt(const std::string& why, const std::string& what) const = 0;

 private:
  struct Image {
    Artifact artifact;
    Platform platform;
  };
  Outcome<std::vector<Image>> images(const std::string& digest, int depth);
  Outcome<Manifest> manifest(const std::string& digest);
  Outcome<Platform> platform_of(const Manifest& manifest);

  std::string name_;
  int fetches_ = 0;
};

}  // namespace headwind::registries
