// SPDX-License-Identifier: Apache-2.0
#include "registries/core/manifest.hpp"

#include <algorithm>

#include "registries/core/json_text.hpp"
#include "registries/core/repository.hpp"

namespace headwind::registries {
namespace {

constexpr std::size_t max_entries = 4096;

Failure unbelievable(std::string why) { return {HW_UNAVAILABLE, std::move(why), 0}; }

Platform platform_in(const nlohmann::json& object) {
  return normalised(text_at(object, "os"), text_at(object, "architecture"), text_at(object, "variant"));
}

std::vector<Descriptor> read_entries(const nlohmann::json& rows) {
  std::vector<Descriptor> out;
  for (const auto& row : rows) {
    Descriptor entry{media_type_of(text_at(row, "mediaType")), text_at(row, "digest"), false, {}};
    if (!is_valid_digest(entry.digest) || (!is_index_type(entry.media_type) && !is_manifest_type(entry.media_type)))
      continue;
    if (const auto& platform = object_at(row, "platform"); !platform.empty()) {
      entry.has_platform = true;
      entry.platform = platform_in(platform);
      if (!entry.platform.is_known()) continue;  // an attestation
    }
    if (object_at(row, "annotations").contains("vnd.docker.reference.type")) continue;  // one more
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace

bool is_index_type(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.index.v1+json" ||
         media_type == "application/vnd.docker.distribution.manifest.list.v2+json";
}

bool is_manifest_type(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.manifest.v1+json" ||
         media_type == "application/vnd.docker.distribution.manifest.v2+json";
}

bool is_image_config_type(std::string_view media_type) {
  return media_type == "application/vnd.oci.image.config.v1+json" ||
         media_type == "application/vnd.docker.container.image.v1+json";
}

std::string media_type_of(std::string_view content_type) {
  std::string out(content_type.substr(0, content_type.find_first_of("; \t")));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

Outcome<Manifest> parse_manifest(std::string_view body, const std::string& media_type) {
  const auto json = parse_json(body);
  if (!json.is_object()) return unbelievable("a manifest that is no JSON object");
  const std::string claimed = media_type_of(text_at(json, "mediaType"));
  const bool header_tells = is_index_type(media_type) || is_manifest_type(media_type);
  const bool body_tells = is_index_type(claimed) || is_manifest_type(claimed);
  if (header_tells && body_tells && claimed != media_type)
    return unbelievable("a manifest that calls itself " + claimed + " as " + media_type);
  const bool has_entries = json.contains("manifests");
  const bool has_parts = json.contains("config") || json.contains("layers");
  Manifest out;
  out.media_type = header_tells ? media_type : claimed;
  out.is_index = header_tells || body_tells ? is_index_type(out.media_type) : has_entries;
  // What is both would be one thing to us and another to a container runtime.
  if (out.is_index ? has_parts : has_entries) return unbelievable("a manifest that is an image and an index at once");
  if (!out.is_index) {
    const auto& config = object_at(json, "config");
    out.config = {media_type_of(text_at(config, "mediaType")), text_at(config, "digest"), false, {}};
    if (!is_valid_digest(out.config.digest)) out.config = {};
    return out;
  }
  const auto rows = json.find("manifests");
  if (rows == json.end() || !rows->is_array() || rows->size() > max_entries)
    return unbelievable("an index without a list of manifests");
  out.entries = read_entries(*rows);
  return out;
}

Platform parse_image_config(std::string_view body) {
  const auto json = parse_json(body);
  return json.is_object() ? platform_in(json) : Platform();
}

}  // namespace headwind::registries
