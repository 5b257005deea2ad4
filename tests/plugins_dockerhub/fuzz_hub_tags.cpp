// SPDX-License-Identifier: Apache-2.0
// The Hub API's list of tags as a hostile one may write it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registries/core/repository.hpp"
#include "registries/core/url.hpp"
#include "registries/dockerhub/hub_page.hpp"

namespace registries = headwind::registries;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto page = registries::read_hub_tags({reinterpret_cast<const char*>(data), size});
  if (!page) return 0;
  const auto& tags = page->tags;
  if (tags.names.size() > page->rows || tags.names.size() != tags.digests.size() ||
      tags.names.size() != tags.pushed_ms.size())
    std::abort();
  for (std::size_t i = 0; i < tags.names.size(); ++i) {
    if (!registries::is_valid_tag(tags.names[i]) || tags.pushed_ms[i] < 0) std::abort();
    if (!tags.digests[i].empty() && !registries::is_valid_digest(tags.digests[i])) std::abort();
  }
  registries::resolve_url("https://hub.docker.com/v2/namespaces/a/repositories/b/tags?page=1", page->next);
  return 0;
}
