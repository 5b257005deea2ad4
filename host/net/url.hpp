// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace headwind::net {

// An absolute http or https URL, taken apart.
struct Url {
  bool tls = false;
  std::string host;  // without brackets: "10.0.0.1", "::1", "registry.example"
  std::uint16_t port = 0;
  std::string authority;  // the Host header: with brackets, and with the port where it is not the scheme's
  std::string target;     // path and query as given, at least "/"

  // "https://registry.example:443": what errors may name. Paths and queries can be secrets, as those of chat webhooks.
  std::string origin() const;
  // "registry.example:443", "[::1]:80": the port always with it.
  std::string host_and_port() const;
};

// Refuses user info (it would end up in logs), fragments, every character that RFC 3986 does not allow, and hosts that
// only look like an address ("127.1", "0x7f000001").
Result<Url> parse_url(std::string_view text);

}  // namespace headwind::net
