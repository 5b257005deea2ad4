// SPDX-License-Identifier: Apache-2.0
// Manifests, indexes, image configurations and token answers as a hostile registry may write them.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "registries/core/manifest.hpp"
#include "registries/core/repository.hpp"
#include "registries/core/token_server.hpp"

namespace registries = headwind::registries;

namespace {

// What is told of a platform can be read again and means the same.
void check(const registries::Platform& platform) {
  if (!platform.is_known()) return;
  const auto again = registries::parse_platform(platform.text());
  if (!again || *again != platform || registries::fitness(platform, *again) == 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const char* type :
       {"", "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json"}) {
    const auto manifest = registries::parse_manifest(body, type);
    if (!manifest) continue;
    if (!manifest->is_index && !manifest->entries.empty()) std::abort();
    for (const auto& entry : manifest->entries) {
      if (!registries::is_valid_digest(entry.digest)) std::abort();
      if (entry.has_platform && !entry.platform.is_known()) std::abort();
      check(entry.platform);
    }
    if (!manifest->config.digest.empty() && !registries::is_valid_digest(manifest->config.digest)) std::abort();
  }
  check(registries::parse_image_config(body));
  const auto token = registries::parse_token_answer(body, 1'700'000'000'000);
  if (token.life_ms <= 0 || token.life_ms > 86'400'000) std::abort();
  if (token.token.find_first_of("\r\n ") != std::string::npos) std::abort();
  return 0;
}
