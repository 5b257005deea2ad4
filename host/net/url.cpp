// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>

#include <optional>

#include "core/text.hpp"

namespace headwind::net {
namespace {

Error bad(std::string_view why) {
  return make_error(Code::invalid, "the URL " + std::string(why) + "; write it like https://host:port/path");
}

bool is_number(std::string_view label) {
  const bool hex = label.starts_with("0x");
  return !label.empty() && (hex ? label.substr(2) : label).find_first_not_of(hex ? "0123456789abcdef" : "0123456789") ==
                               std::string_view::npos;
}

std::optional<std::uint16_t> read_port(std::string_view text, std::uint16_t usual) {
  if (text.empty()) return usual;
  if (text.size() > 5 || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const int port = std::stoi(std::string(text));
  return port >= 1 && port <= 65535 ? std::optional(static_cast<std::uint16_t>(port)) : std::nullopt;
}

// Resolvers take "127.1" and "0x7f000001" for 127.0.0.1, and whoever guards against private addresses does not: what
// ends in a number is an address in full, or no host.
bool is_host_name(std::string_view host) {
  if (host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") != std::string_view::npos) return false;
  if (host.front() == '.' || host.find("..") != std::string_view::npos) return false;
  const std::string_view name = host.substr(0, host.size() - (host.back() == '.' ? 1 : 0));
  return !is_number(name.substr(name.rfind('.') + 1)) || boost::urls::parse_ipv4_address(host).has_value();
}

}  // namespace

std::string Url::origin() const { return (tls ? "https://" : "http://") + host_and_port(); }

std::string Url::host_and_port() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > 16384) return bad("is longer than 16384 bytes");
  Url url;
  const std::size_t colon = text.find("://");
  const std::string scheme = to_lower(text.substr(0, colon));
  if (colon == std::string_view::npos || (scheme != "http" && scheme != "https"))
    return bad("does not begin with http:// or https://");
  url.tls = scheme == "https";
  text.remove_prefix(colon + 3);

  // Not left to Boost.URL: 1.81 reads "http://127.0.0.1.example.com/" as the host 127.0.0.1 and the path
  // ".example.com/". The registry plugins' origin_of follows the same rules; a test compares them.
  std::string_view authority = text.substr(0, text.find_first_of("/?#"));
  text.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos)
    return bad("holds a user name or password, which belongs into a header");
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    url.host = to_lower(authority.substr(1, end == std::string_view::npos ? end : end - 1));
    if (end == std::string_view::npos || !boost::urls::parse_ipv6_address(url.host))
      return bad("has a host in brackets that is no IPv6 address");
    authority.remove_prefix(end + 1);
  } else {
    const std::string_view host = authority.substr(0, authority.find(':'));
    url.host = to_lower(host);
    if (host.empty()) return bad("has no host");
    if (!is_host_name(url.host)) return bad("has a host that is neither a name nor an IP address in full");
    authority.remove_prefix(host.size());
  }

  const std::uint16_t usual = url.tls ? 443 : 80;
  if (!authority.empty() && authority.front() != ':') return bad("has something between its host and its port");
  const std::optional<std::uint16_t> port = read_port(authority.substr(authority.empty() ? 0 : 1), usual);
  if (!port) return bad("has a port outside 1 to 65535");
  url.port = *port;
  url.authority = url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host;
  if (url.port != usual) url.authority += ":" + std::to_string(url.port);
  url.target = (text.starts_with('/') ? "" : "/") + std::string(text);
  if (!boost::urls::parse_origin_form(url.target))
    return bad("has a character in its path or query that is not allowed");
  return url;
}

}  // namespace headwind::net
