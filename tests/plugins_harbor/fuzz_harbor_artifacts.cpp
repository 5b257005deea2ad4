// SPDX-License-Identifier: Apache-2.0
// Harbor's list of artifacts, and its links, as a hostile one may write them.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registries/core/repository.hpp"
#include "registries/core/url.hpp"
#include "registries/harbor/artifact_page.hpp"

namespace registries = headwind::registries;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto page = registries::read_artifacts(text)) {
    const auto& tags = page->tags;
    if (tags.names.size() != tags.digests.size() || tags.names.size() != tags.pushed_ms.size()) std::abort();
    for (std::size_t i = 0; i < tags.names.size(); ++i) {
      if (!registries::is_valid_tag(tags.names[i]) || tags.pushed_ms[i] < 0) std::abort();
      if (!tags.digests[i].empty() && !registries::is_valid_digest(tags.digests[i])) std::abort();
    }
    for (const auto& artifact : page->artifacts)
      if (artifact.empty()) std::abort();
  }
  for (const char c : registries::escaped_link(text))
    if (c <= ' ' || c >= 0x7f) std::abort();
  registries::resolve_url("https://harbor.example.com/api/v2.0/projects/a", registries::escaped_link(text));
  return 0;
}
