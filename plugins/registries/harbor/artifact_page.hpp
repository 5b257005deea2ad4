// SPDX-License-Identifier: Apache-2.0
// One page of Harbor's list of artifacts.
#pragma once
#include <headwind/sdk.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::registries {

inline constexpr std::size_t max_artifact_page = 16 * 1024 * 1024;  // a hundred artifacts are rarely one MiB

struct ArtifactPage {
  std::vector<std::string> artifacts;  // what tells them apart; also those without tags
  hw::tag_page tags;                   // digests of the artifacts; push times of the tags, 0 where not known
};

// Nothing where the body is no list of artifacts. What it holds beyond, or in another shape, is passed over.
std::optional<ArtifactPage> read_artifacts(std::string_view body);

// The link as Harbor writes it, with its query unescaped, made a reference that a URL parser takes.
std::string escaped_link(std::string_view link);

}  // namespace headwind::registries
