// SPDX-License-Identifier: Apache-2.0
// Secrets are written by people: what is read from one must be fit for a header, and matching must not trip over keys.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "credentials/keyring.hpp"

using namespace headwind::credentials;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Format format : {Format::dockerconfigjson, Format::dockercfg}) {
    const auto config = parse_docker_config(text, format);
    if (!config) continue;
    Keyring keyring;
    keyring.add(*config);
    for (const std::string_view repository : {"docker.io/library/nginx", "reg.io:5000/a/b", "[::1]:5000/x", ""})
      for (const Account& account : keyring.find(repository))
        if ((account.username + account.password + account.identity_token).find('\n') != std::string::npos)
          std::abort();
    for (const auto& entry : config->entries) {
      const std::string key = normalised_key(entry.key);
      (void)key_fits(key, text.substr(0, 64));
    }
  }
  return 0;
}
