// SPDX-License-Identifier: Apache-2.0
// URLs as a hostile registry may write them: realms, redirects, links. The guards must see the host that is connected
// to, and what a reference resolves to must be a URL again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/url.hpp"
#include "registries/core/url.hpp"

namespace registries = headwind::registries;

namespace {

void compare(std::string_view url) {
  const auto here = registries::origin_of(url);
  const auto there = headwind::net::parse_url(url);
  if (!there) return;
  if (!here || here->host != there->host || here->port != std::to_string(there->port) ||
      (here->scheme == "https") != there->tls)
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > 8000) return 0;  // the two have different limits
  compare(text);
  registries::path_of(text);
  for (const char* base : {"https://registry.example.com/v2/a/tags/list?n=1000", "http://127.0.0.1.example.com:5000"}) {
    const auto next = registries::resolve_url(base, text);
    if (!next) continue;
    if (!registries::origin_of(*next)) std::abort();
    compare(*next);
    if (registries::resolve_url(base, *next) != next) std::abort();
  }
  return 0;
}
