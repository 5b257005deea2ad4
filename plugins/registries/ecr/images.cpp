// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/images.hpp"

#include <algorithm>

#include "registries/core/json_text.hpp"
#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"

namespace headwind::registries::ecr {
namespace {

using nlohmann::json;

constexpr std::size_t max_platform_part = 64;
constexpr std::size_t max_token = 64 * 1024;

const json& array_at(const json& object, const char* key) {
  static const json none = json::array();
  if (!object.is_object()) return none;
  const auto it = object.find(key);
  return it != object.end() && it->is_array() ? *it : none;
}

// Seconds with a fraction; a few implementations write a date.
std::int64_t time_at(const json& object, const char* key) {
  if (!object.is_object()) return 0;
  const auto it = object.find(key);
  if (it == object.end()) return 0;
  if (it->is_string()) return parse_time(it->get<std::string>()).value_or(0);
  constexpr double max_seconds = 1e11;
  const double seconds = it->is_number() ? it->get<double>() : 0;
  return seconds > 0 && seconds < max_seconds ? static_cast<std::int64_t>(seconds * 1000) : 0;
}

bool is_pullable(const json& image) {
  const auto status = text_at(image, "imageStatus");
  return status.empty() || status == "ACTIVE";
}

bool is_platform_part(const std::string& text) {
  return text.size() <= max_platform_part && text != "unknown" && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

// "linux/arm64/v8"; empty where the object names none.
std::string platform_of(const json& object) {
  const auto os = text_at(object, "os"), architecture = text_at(object, "architecture"),
             variant = text_at(object, "variant");
  if (os.empty() || architecture.empty()) return {};
  if (!is_platform_part(os) || !is_platform_part(architecture) || !is_platform_part(variant)) return {};
  return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
}

}  // namespace

std::optional<ImagePage> read_image_page(const json& answer) {
  if (!answer.is_object() || !answer.contains("imageDetails") || !answer["imageDetails"].is_array())
    return std::nullopt;
  ImagePage page;
  for (const auto& image : answer["imageDetails"]) {
    const auto digest = text_at(image, "imageDigest");
    if (!is_valid_digest(digest) || !is_pullable(image)) continue;
    const auto pushed = time_at(image, "imagePushedAt");
    for (const auto& tag : array_at(image, "imageTags")) {
      if (!tag.is_string()) continue;
      auto name = tag.get<std::string>();
      if (!is_valid_tag(name)) continue;
      page.tags.names.push_back(std::move(name));
      page.tags.digests.push_back(digest);
      page.tags.pushed_ms.push_back(pushed);
    }
  }
  page.next_token = text_at(answer, "nextToken");
  if (page.next_token.size() > max_token) return std::nullopt;
  return page;
}

std::optional<ImageDetail> read_image(const json& answer) {
  const auto& images = array_at(answer, "imageDetails");
  if (images.size() != 1) return std::nullopt;
  ImageDetail out{text_at(images[0], "imageDigest"), text_at(images[0], "imageManifestMediaType"),
                  time_at(images[0], "imagePushedAt")};
  if (!is_valid_digest(out.digest) || !is_pullable(images[0])) return std::nullopt;
  return out;
}

std::string read_manifest(const json& answer) {
  const auto& images = array_at(answer, "images");
  return images.size() == 1 ? text_at(images[0], "imageManifest") : std::string();
}

std::optional<Manifest> read_platforms(std::string_view text) {
  const auto manifest = parse_json(text);
  if (!manifest.is_object()) return std::nullopt;
  Manifest out;
  for (const auto& child : array_at(manifest, "manifests")) {
    auto platform = platform_of(object_at(child, "platform"));
    const bool seen = std::find(out.platforms.begin(), out.platforms.end(), platform) != out.platforms.end();
    if (!platform.empty() && !seen) out.platforms.push_back(std::move(platform));
  }
  const auto type = text_at(object_at(manifest, "config"), "mediaType");
  const bool image =
      type == "application/vnd.oci.image.config.v1+json" || type == "application/vnd.docker.container.image.v1+json";
  const auto digest = text_at(object_at(manifest, "config"), "digest");
  if (image && is_valid_digest(digest)) out.config_digest = digest;
  return out;
}

std::string read_config_platform(std::string_view config) { return platform_of(parse_json(config)); }

}  // namespace headwind::registries::ecr
