// SPDX-License-Identifier: Apache-2.0
#include "registries/core/images.hpp"

#include "registries/core/digest.hpp"
#include "registries/core/failures.hpp"

namespace headwind::registries {
namespace {

constexpr std::uint64_t max_manifest_body = 4 * 1024 * 1024;  // what the specification tells registries to take

}  // namespace

Outcome<Artifact> Images::resolve(std::string_view tag) {
  const std::string what = name() + ":" + std::string(tag);
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
      if (!is_digest_of(told, response->body)) return doubt("sent another content than its digest names", what);
      digest = told;
    }
  }
  if (response->status != 200) return failure_of(*response, target_, what, transport_);
  return Artifact{digest, media_type_of(response->header("content-type"))};
}

Outcome<Images::Content> Images::fetch_manifest(const std::string& digest, const std::string& what) {
  auto response = exchange_.send(
      target_, {"GET", target_.api("manifests/" + digest), {{"Accept", manifest_types}}, max_manifest_body},
      transport_);
  if (!response) return response.failure();
  if (response->status != 200) return failure_of(*response, target_, what, transport_);
  std::string media_type = media_type_of(response->header("content-type"));
  return Content{std::move(response->body), std::move(media_type)};
}

Outcome<std::string> Images::fetch_config(const std::string& digest, const std::string& what) {
  auto response = exchange_.send(target_, {"GET", target_.api("blobs/" + digest), {}, max_config_body}, transport_);
  if (!response) return response.failure();
  if (response->status != 200) return failure_of(*response, target_, what, transport_);
  return std::move(response->body);
}

Failure Images::doubt(const std::string& why, const std::string& what) const {
  return registries::doubt(target_, why, what);
}

}  // namespace headwind::registries
