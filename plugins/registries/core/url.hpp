// SPDX-License-Identifier: Apache-2.0
// Just enough of URLs to stay on one host.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace headwind::registries {

struct Origin {
  std::string scheme, host, port;  // lower case; the port is 1 to 65535; IPv6 hosts without brackets
  bool operator==(const Origin&) const = default;
  // "registry.example.com", "127.0.0.1:5000": as an image reference would spell it.
  std::string authority() const;
};

// Of an absolute http or https URL without user information, whose host is a name or an address in full ("127.1" is
// neither); empty for anything else.
std::optional<Origin> origin_of(std::string_view url);
// `reference`, absolute or relative, as seen from `base`; empty where either is malformed.
std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);
// The path of an absolute URL, still encoded; empty where malformed.
std::string path_of(std::string_view url);
std::string percent_encode(std::string_view text);

// A loopback, link-local, shared or private IP address, or localhost: not a place that a stranger may send us to.
bool is_private_host(std::string_view host);
// 169.254.0.0/16, fe80::/10.
bool is_link_local(std::string_view host);
// May credentials that were given for `registry` go to `other`? The same host, or hosts under one parent domain of at
// least two labels: registry-1.docker.io and auth.docker.io, registry.gitlab.com and gitlab.com.
bool same_site(std::string_view registry, std::string_view other);

}  // namespace headwind::registries
