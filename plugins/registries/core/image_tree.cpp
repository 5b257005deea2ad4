// SPDX-License-Identifier: Apache-2.0
#include "registries/core/image_tree.hpp"

#include <algorithm>

#include "registries/core/digest.hpp"

namespace headwind::registries {
namespace {

constexpr int max_depth = 2;     // of indexes in indexes
constexpr int max_fetches = 16;  // of manifests and configurations for one answer

}  // namespace

Outcome<Artifact> ImageTree::select(const Artifact& top, const Platform& node) {
  const auto found = images(top.digest, 0);
  if (!found) return found.failure();
  const Image* best = nullptr;
  int best_fitness = 0;
  for (const auto& image : *found)
    if (const int fits = fitness(node, image.platform); fits > best_fitness) {  // the first of equals
      best = &image;
      best_fitness = fits;
    }
  if (best == nullptr) return Failure{HW_NOT_FOUND, name_ + "@" + top.digest + " has no image for " + node.text(), 0};
  return best->artifact;
}

Outcome<std::vector<Platform>> ImageTree::platforms(const std::string& digest) {
  const auto found = images(digest, 0);
  if (!found) return found.failure();
  std::vector<Platform> out;
  for (const auto& image : *found)
    if (std::find(out.begin(), out.end(), image.platform) == out.end()) out.push_back(image.platform);
  return out;
}

Outcome<std::vector<ImageTree::Image>> ImageTree::images(const std::string& digest, int depth) {
  const std::string what = name_ + "@" + digest;
  if (depth > max_depth) return doubt("nests indexes too deeply", what);
  const auto top = manifest(digest);
  if (!top) return top.failure();
  std::vector<Image> out;
  if (!top->is_index) {
    const auto platform = platform_of(*top);
    if (!platform) return platform.failure();
    if (platform->is_known()) out.push_back({{digest, top->media_type}, *platform});
    return out;
  }
  for (const auto& entry : top->entries) {
    if (entry.has_platform && !is_index_type(entry.media_type)) {
      out.push_back({{entry.digest, entry.media_type}, entry.platform});
      continue;
    }
    const auto inner = images(entry.digest, depth + 1);
    if (!inner) return inner.failure();
    out.insert(out.end(), inner->begin(), inner->end());
  }
  return out;
}

Outcome<Manifest> ImageTree::manifest(const std::string& digest) {
  const std::string what = name_ + "@" + digest;
  if (++fetches_ > max_fetches) return doubt("wants too many manifests read", what);
  const auto content = fetch_manifest(digest, what);
  if (!content) return content.failure();
  if (!is_digest_of(digest, content->body)) return doubt("sent another content than the digest names", what);
  auto parsed = parse_manifest(content->body, content->media_type);
  if (!parsed) return doubt("sent " + parsed.failure().message, what);
  return parsed;
}

Outcome<Platform> ImageTree::platform_of(const Manifest& manifest) {
  if (!is_image_config_type(manifest.config.media_type)) return Platform();  // a chart, a signature, ...
  const std::string& digest = manifest.config.digest;
  const std::string what = "the configuration " + digest + " of " + name_;
  if (++fetches_ > max_fetches) return doubt("wants too many manifests read", what);
  const auto body = fetch_config(digest, what);
  if (!body) return body.failure();
  if (!is_digest_of(digest, *body)) return doubt("sent another content than the digest names", what);
  return parse_image_config(*body);
}

}  // namespace headwind::registries
