// SPDX-License-Identifier: Apache-2.0
// The HTTP header values that a registry client must read: challenges, links, waiting times.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::registries {

struct Challenge {
  std::string scheme;                         // lower case: "bearer", "basic"
  std::map<std::string, std::string> params;  // names in lower case

  std::string param(const std::string& name) const {  // or empty
    const auto it = params.find(name);
    return it == params.end() ? std::string() : it->second;
  }
};

// Every challenge of one WWW-Authenticate value. What cannot be read ends the list; it never fails.
std::vector<Challenge> parse_challenges(std::string_view value);

// The target of the link whose rel holds "next", as it is written: absolute or relative, rel quoted or not.
std::optional<std::string> next_link(std::string_view value);

// Milliseconds to wait, from Retry-After (seconds or an HTTP date). Between 0 and one day.
std::optional<std::int64_t> parse_retry_after(std::string_view value, std::int64_t now_unix_ms);
// The same from the Unix time, in seconds, that Docker Hub's X-Retry-After names.
std::optional<std::int64_t> parse_retry_at(std::string_view value, std::int64_t now_unix_ms);

}  // namespace headwind::registries
