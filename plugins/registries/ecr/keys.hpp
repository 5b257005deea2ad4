// SPDX-License-Identifier: Apache-2.0
// With what requests to Amazon are signed.
#pragma once
#include <cstdint>
#include <string>

namespace headwind::registries::ecr {

struct Keys {
  std::string id;  // "AKIA...", "ASIA..."
  std::string secret;
  std::string session_token;         // only of temporary ones
  std::int64_t expires_unix_ms = 0;  // 0: they do not expire
  bool operator==(const Keys&) const = default;
};

// What may go into headers as it is: no spaces, no control characters.
bool is_usable(const Keys& keys);

}  // namespace headwind::registries::ecr
