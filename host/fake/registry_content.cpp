// SPDX-License-Identifier: Apache-2.0
#include "fake/registry_content.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "fake/json.hpp"

namespace headwind::fake {
namespace {

std::string digest_of(std::string_view bytes) { return "sha256:" + sha256_hex(bytes); }

Json descriptor(std::string_view type, const std::string& bytes) {
  return {{"mediaType", type}, {"digest", digest_of(bytes)}, {"size", bytes.size()}};
}

}  // namespace

std::string Repository::push(std::string_view tag, std::string_view content) {
  const Json image = {{"architecture", "amd64"},
                      {"os", "linux"},
                      {"config", {{"Labels", {{"content", content}}}}},
                      {"rootfs", {{"type", "layers"}, {"diff_ids", Json::array()}}}};
  const std::string config = image.dump();
  const Json image_manifest = {{"schemaVersion", 2},
                               {"mediaType", kManifestType},
                               {"config", descriptor("application/vnd.oci.image.config.v1+json", config)},
                               {"layers", Json::array()}};
  const std::string manifest = image_manifest.dump();
  const std::string digest = digest_of(manifest);
  blobs_.insert_or_assign(digest_of(config), config);
  manifests_.insert_or_assign(digest, manifest);
  if (tags_.insert_or_assign(std::string(tag), digest).second) order_.emplace_back(tag);
  return digest;
}

bool Repository::remove_tag(std::string_view tag) {
  const auto found = tags_.find(tag);
  if (found == tags_.end()) return false;
  tags_.erase(found);
  std::erase(order_, tag);
  return true;
}

std::string Repository::digest(std::string_view tag) const {
  const auto found = tags_.find(tag);
  return found == tags_.end() ? std::string() : found->second;
}

const std::string* Repository::manifest(std::string_view reference) const {
  const auto tag = tags_.find(reference);
  const auto found = manifests_.find(tag == tags_.end() ? reference : std::string_view(tag->second));
  return found == manifests_.end() ? nullptr : &found->second;
}

const std::string* Repository::blob(std::string_view digest) const {
  const auto found = blobs_.find(digest);
  return found == blobs_.end() ? nullptr : &found->second;
}

}  // namespace headwind::fake
