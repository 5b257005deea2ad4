// SPDX-License-Identifier: Apache-2.0
#include "registries/core/images.hpp"

#include <algorithm>

#include "registries/core/digest.hpp"
#include "registries/core/failures.hpp"

namespace headwind::registries {
namespace {

constexpr std::uint64_t max_manifest_body = 4 * 1024 * 1024;  // what the specification tells registries to take
constexpr std::uint64_t max_config_body = 8 * 1024 * 1024;
constexpr int max_depth = 2;     // of indexes in indexes
constexpr int max_fetches = 16;  // of manifests and configurations for one answer

}  // namespace

Outcome<Artifact> Images::resolve(std::string_view tag) {
  const std::string what = name_ + ":" + std::string(tag);
  Request request{
      "HEAD", target_.api("manifests/" + std::string(tag)), {{"Accept", manifest_types}}, max_manifest_body};
  auto response = exchange_.send(target_, request, transport_);
  if (!response) return response.failure();
  std::string digest = response->status == 200 ? std::string(response->header("docker-content-digest")) : "";
  const bool head_refused = response->status == 405 || response->status == 501;
  if (head_refused || (response->status == 200 && !is_valid_digest(digest))) {
    request.method = "GET";
    response = exchange_.send(target_, request, transport_);
    if (!response) return response.failure();
    digest = sha256_digest(response->body);
    const std::string told(response->header("docker-content-digest"));
    if (response->status == 200 && is_valid_digest(told)) {
      if (!is_digest_of(told, response->body))
        return doubt(target_, "sent another content than its digest names", what);
      digest = told;
    }
  }
  if (response->status != 200) return failure_of(*response, target_, what, transport_);
  return Artifact{digest, media_type_of(response->header("content-type"))};
}

Outcome<Artifact> Images::select(const Artifact& top, const Platform& node) {
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

Outcome<std::vector<Platform>> Images::platforms(const std::string& digest) {
  const auto found = images(digest, 0);
  if (!found) return found.failure();
  std::vector<Platform> out;
  for (const auto& image : *found)
    if (std::find(out.begin(), out.end(), image.platform) == out.end()) out.push_back(image.platform);
  return out;
}

Outcome<std::vector<Images::Image>> Images::images(const std::string& digest, int depth) {
  const std::string what = name_ + "@" + digest;
  if (depth > max_depth) return doubt(target_, "nests indexes too deeply", what);
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

Outcome<Manifest> Images::manifest(const std::string& digest) {
  const std::string what = name_ + "@" + digest;
  if (++fetches_ > max_fetches) return doubt(target_, "wants too many manifests read", what);
  const auto response = exchange_.send(
      target_, {"GET", target_.api("manifests/" + digest), {{"Accept", manifest_types}}, max_manifest_body},
      transport_);
  if (!response) return response.failure();
  if (response->status != 200) return failure_of(*response, target_, what, transport_);
  if (!is_digest_of(digest, response->body)) return doubt(target_, "sent another content than the digest names", what);
  auto parsed = parse_manifest(response->body, media_type_of(response->header("content-type")));
  if (!parsed) return doubt(target_, "sent " + parsed.failure().message, what);
  return parsed;
}

Outcome<Platform> Images::platform_of(const Manifest& manifest) {
  if (!is_image_config_type(manifest.config.media_type)) return Platform();  // a chart, a signature, ...
  const std::string& digest = manifest.config.digest;
  const std::string what = "the configuration " + digest + " of " + name_;
  if (++fetches_ > max_fetches) return doubt(target_, "wants too many manifests read", what);
  const auto response =
      exchange_.send(target_, {"GET", target_.api("blobs/" + digest), {}, max_config_body}, transport_);
  if (!response) return response.failure();
  if (response->status != 200) return failure_of(*response, target_, what, transport_);
  if (!is_digest_of(digest, response->body)) return doubt(target_, "sent another content than the digest names", what);
  return parse_image_config(response->body);
}

}  // namespace headwind::registries
