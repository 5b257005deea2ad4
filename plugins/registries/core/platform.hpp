// SPDX-License-Identifier: Apache-2.0
// What an image runs on, in the spelling that containerd normalises to: linux/amd64, linux/arm64, linux/arm/v7.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace headwind::registries {

struct Platform {
  std::string os, architecture, variant;

  bool operator==(const Platform&) const = default;
  std::string text() const;
  // Neither empty nor the "unknown/unknown" of attestations.
  bool is_known() const;
};

// "x86_64" is amd64, "aarch64" and "arm64/v8" are arm64, "arm" is arm/v7. Parts that are no words become empty.
Platform normalised(std::string_view os, std::string_view architecture, std::string_view variant);
// "linux/arm64/v8"; empty where it is not two or three words.
std::optional<Platform> parse_platform(std::string_view text);
// How well a node of the platform runs the image: 0 not at all, else more is better. A node runs older variants too.
int fitness(const Platform& node, const Platform& image);

}  // namespace headwind::registries
