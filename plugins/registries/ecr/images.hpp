// SPDX-License-Identifier: Apache-2.0
// What ECR's answers say about images. Bounded by the answers' size; rows that are not what they should be are left
// out.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace headwind::registries::ecr {

// Tags with the digests that they name. Amazon tells when an image was pushed, not when a tag was moved to it.
struct TagPage {
  std::vector<std::string> names, digests;
  std::vector<std::int64_t> pushed_ms;
};

struct ImagePage {
  TagPage tags;
  std::string next_token;  // empty: the last page
};

// Of DescribeImages; empty where it is none. Images that are archived cannot be pulled, so their tags are left out.
std::optional<ImagePage> read_image_page(const nlohmann::json& answer);

struct ImageDetail {
  std::string digest, media_type;
  std::int64_t pushed_ms = 0;
};
// The one image of a DescribeImages by tag.
std::optional<ImageDetail> read_image(const nlohmann::json& answer);

// The text of the one manifest of a BatchGetImage; empty where it has none.
std::string read_manifest(const nlohmann::json& answer);

struct Manifest {
  std::vector<std::string> platforms;  // of an index, without attestations: "linux/arm64/v8"
  std::string config_digest;           // of a single image; empty where it is an index, or no image
};
// Empty where the text is no manifest.
std::optional<Manifest> read_platforms(std::string_view manifest);
// Of an image's config blob; empty where it is none.
std::string read_config_platform(std::string_view config);

}  // namespace headwind::registries::ecr
