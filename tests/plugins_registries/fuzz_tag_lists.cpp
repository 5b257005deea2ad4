// SPDX-License-Identifier: Apache-2.0
// The body of tags/list as a hostile registry may write it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registries/core/repository.hpp"
#include "registries/core/tag_page.hpp"
#include "registries/core/tag_set.hpp"

namespace registries = headwind::registries;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto page = registries::parse_tag_list(body);
  if (!page) return 0;
  registries::TagSet seen;
  std::size_t names = 0;
  std::size_t fresh = 0;
  for (std::string_view rest = page->names; !rest.empty(); ++names) {
    const auto name = registries::take_line(rest);
    if (!registries::is_valid_tag(name)) std::abort();
    fresh += seen.insert(name) ? 1 : 0;
    if (seen.insert(name)) std::abort();
  }
  if (names > page->rows || fresh != seen.size()) std::abort();
  const auto digests = static_cast<std::size_t>(std::count(page->digests.begin(), page->digests.end(), '\n'));
  if (digests != 0 && digests != names) std::abort();
  if (!page->pushed_ms.empty() && page->pushed_ms.size() != names) std::abort();
  for (std::string_view rest = page->digests; !rest.empty();)
    if (const auto digest = registries::take_line(rest); !digest.empty() && !registries::is_valid_digest(digest))
      std::abort();
  if (!registries::same_tags(*page, *page)) std::abort();
  return 0;
}
