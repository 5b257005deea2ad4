// SPDX-License-Identifier: Apache-2.0
// WWW-Authenticate, Link, Retry-After and URLs as a hostile registry may write them.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "registries/core/header_values.hpp"
#include "registries/core/url.hpp"

namespace registries = headwind::registries;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  for (const auto& challenge : registries::parse_challenges(value))
    if (challenge.scheme.empty() || challenge.params.contains("")) std::abort();
  for (const auto& wait :
       {registries::parse_retry_after(value, 1'700'000'000'000), registries::parse_retry_at(value, 1'700'000'000'000)})
    if (wait && (*wait < 0 || *wait > 86'400'000)) std::abort();
  const std::string found = registries::next_link(value).value_or("");
  for (const std::string_view link : {value, std::string_view(found)}) {
    const auto next = registries::resolve_url("https://registry.example.com/v2/a/tags/list?n=1000", link);
    const auto origin = next ? registries::origin_of(*next) : std::nullopt;
    if (!origin) continue;
    if (origin->scheme != "http" && origin->scheme != "https") std::abort();
    // What is spelled like our origin is our origin: the comparison that keeps us on one host.
    if (origin->authority() == "registry.example.com" && origin->scheme == "https" &&
        origin != registries::origin_of("https://registry.example.com/"))
      std::abort();
    registries::is_private_host(origin->host);
    registries::same_site("registry.example.com", origin->host);
  }
  return 0;
}
