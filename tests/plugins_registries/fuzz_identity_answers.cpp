// SPDX-License-Identifier: Apache-2.0
// What something that plays a cloud's metadata service, token service or registry may answer.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "registries/core/cloud.hpp"
#include "registries/core/identity_answers.hpp"

namespace registries = headwind::registries;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const std::optional<registries::IdentityToken>& token) {
  if (!token) return;
  require(!token->value.empty() && token->life_ms >= 0 && token->life_ms <= 24LL * 3600 * 1000);
  for (const char c : token->value) require(c > ' ' && c < 127);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(registries::read_access_token(text));
  check(registries::read_refresh_token(text, 1'700'000'000'000));
  // Any bytes as the claims' text, without having to guess JSON around them.
  std::string token;
  for (const char c : text)
    if (c > ' ' && c < 127 && c != '"' && c != '\\') token += c;
  check(registries::read_refresh_token("{\"refresh_token\":\"" + token + "\"}", 0));
  require(registries::read_oauth_error(text).find_first_of(" \r\n\"<") == std::string::npos ||
          registries::read_oauth_error(text).find(" AADSTS") != std::string::npos);
  // Where an identity may be sent is a host of that cloud by https, however the URL is written.
  for (const auto cloud : {registries::Cloud::gcp, registries::Cloud::azure})
    if (registries::may_see(cloud, text)) {
      const auto origin = registries::origin_of(text);
      require(origin && origin->scheme == "https" && origin->port == "443");
      require(registries::is_host_of(cloud, origin->host));
    }
  return 0;
}
