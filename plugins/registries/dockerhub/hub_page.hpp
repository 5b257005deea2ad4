// SPDX-License-Identifier: Apache-2.0
// One page of the Hub API's list of tags.
#pragma once
#include <headwind/sdk.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace headwind::registries {

inline constexpr std::size_t max_hub_page = 16 * 1024 * 1024;  // a hundred tags of many platforms are below one MiB

struct HubPage {
  std::optional<std::uint64_t> count;  // of all pages together
  std::string next;                    // as it is written; empty: the last page
  std::size_t rows = 0;                // tags or not
  hw::tag_page tags;                   // digests may be empty, push times 0
};

// Nothing where the body is no page of tags. What it holds beyond, or in another shape, is passed over.
std::optional<HubPage> read_hub_tags(std::string_view body);

}  // namespace headwind::registries
