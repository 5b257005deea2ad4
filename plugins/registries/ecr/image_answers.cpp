// SPDX-License-Identifier: Apache-2.0
#include "registries/ecr/image_answers.hpp"

#include "registries/core/json_text.hpp"
#include "registries/core/push.hpp"
#include "registries/core/repository.hpp"

namespace headwind::registries::ecr {
namespace {

using nlohmann::json;

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

}  // namespace headwind::registries::ecr
