// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <headwind/version.hpp>
#include <string_view>

namespace headwind::semver {

// One tag, as far as rules look at it. Views into the caller's batch.
struct Candidate {
  std::size_t row = 0;
  std::string_view name, digest;
  std::int64_t pushed_ms = 0;  // 0: not known
  bool is_version = false;
  hw::version version;  // where is_version

  Candidate() = default;
  Candidate(std::size_t at, std::string_view tag, std::string_view tag_digest, std::int64_t pushed)
      : row(at), name(tag), digest(tag_digest), pushed_ms(pushed) {
    is_version = hw::parse_version(tag, version);
  }
};

}  // namespace headwind::semver
