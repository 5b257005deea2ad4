// SPDX-License-Identifier: Apache-2.0
// What ECR's answers say about images. Bounded by the answers' size; rows that are not what they should be are left
// out.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "registries/core/tag_listing.hpp"

namespace headwind::registries::ecr {

// The times are those of images: Amazon tells when an image was pushed, not when a tag was moved to it.
struct ImagePage {
  TagRows tags;
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

}  // namespace headwind::registries::ecr
