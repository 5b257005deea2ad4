// SPDX-License-Identifier: Apache-2.0
#include "registries/core/url.hpp"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url.hpp>

namespace headwind::registries {
namespace {

namespace urls = boost::urls;
constexpr std::size_t max_url = 8192;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// Where the parts of a URL end is decided here, not by Boost.URL: 1.81 reads "http://127.0.0.1.example.com/" as the
// host 127.0.0.1 and the path ".example.com/". The host's net::parse_url follows the same rules; a test compares them.
struct Split {
  Origin origin;
  std::string rest;  // path, query and fragment, as they are written
};

// An absolute URL of any host, with which Boost.URL reads what follows the authority.
std::string with_plain_host(std::string_view rest) { return "http://host" + std::string(rest); }

bool is_number(std::string_view label) {
  const bool hex = label.starts_with("0x");
  return !label.empty() && (hex ? label.substr(2) : label).find_first_not_of(hex ? "0123456789abcdef" : "0123456789") ==
                               std::string_view::npos;
}

// Resolvers take "127.1" and "0x7f000001" for 127.0.0.1: what ends in a number is an address in full, or nothing.
bool is_host_name(std::string_view host) {
  if (host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") != std::string_view::npos) return false;
  if (host.empty() || host.front() == '.' || host.find("..") != std::string_view::npos) return false;
  const std::string_view name = host.substr(0, host.size() - (host.back() == '.' ? 1 : 0));
  return !is_number(name.substr(name.rfind('.') + 1)) || urls::parse_ipv4_address(host).has_value();
}

std::optional<std::string> port_of(std::string_view text, std::string_view scheme) {
  if (text.empty()) return scheme == "http" ? "80" : "443";
  if (text.size() > 5 || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const int port = std::stoi(std::string(text));
  return port >= 1 && port <= 65535 ? std::optional(std::to_string(port)) : std::nullopt;
}

std::optional<Split> split(std::string_view url) {
  if (url.size() > max_url) return std::nullopt;
  Split out;
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  out.origin.scheme = lower(std::string(url.substr(0, colon)));
  if (out.origin.scheme != "http" && out.origin.scheme != "https") return std::nullopt;
  url.remove_prefix(colon + 3);
  std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  out.rest = url.substr(authority.size());
  if (!urls::parse_uri(with_plain_host(out.rest))) return std::nullopt;

  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    out.origin.host = lower(std::string(authority.substr(1, end - 1)));
    if (!urls::parse_ipv6_address(out.origin.host)) return std::nullopt;
    authority.remove_prefix(end + 1);
  } else {
    const auto host = authority.substr(0, authority.find(':'));
    out.origin.host = lower(std::string(host));
    if (!is_host_name(out.origin.host)) return std::nullopt;
    authority.remove_prefix(host.size());
  }
  if (!authority.empty() && authority.front() != ':') return std::nullopt;
  const auto port = port_of(authority.substr(authority.empty() ? 0 : 1), out.origin.scheme);
  if (!port) return std::nullopt;
  out.origin.port = *port;
  return out;
}

bool has_scheme(std::string_view reference) {
  const auto colon = reference.find_first_of(":/?#");
  return colon != std::string_view::npos && reference[colon] == ':';
}

std::string_view without_last_dot(std::string_view host) {
  return host.substr(0, host.size() - (host.ends_with('.') ? 1 : 0));
}

bool is_address(std::string_view host) {
  return urls::parse_ipv4_address(host).has_value() || urls::parse_ipv6_address(host).has_value();
}

std::string_view parent(std::string_view host) {
  const auto dot = host.find('.');
  return dot == std::string_view::npos ? std::string_view() : host.substr(dot + 1);
}

bool is_under(std::string_view host, std::string_view domain) {
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

std::string Origin::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const bool usual = (scheme == "https" && port == "443") || (scheme == "http" && port == "80");
  return usual ? name : name + ":" + port;
}

std::optional<Origin> origin_of(std::string_view url) {
  auto parts = split(url);
  if (!parts) return std::nullopt;
  return std::move(parts->origin);
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
  if (reference.size() > max_url) return std::nullopt;
  auto from = split(base);
  if (!from) return std::nullopt;
  std::string other;
  if (reference.starts_with("//")) {
    other = from->origin.scheme + ":" + std::string(reference);
  } else if (has_scheme(reference)) {
    other = reference;
  }
  if (!other.empty()) {
    from = split(other);
    if (!from) return std::nullopt;
    reference = from->rest;
    if (reference.empty()) return from->origin.scheme + "://" + from->origin.authority();
  }
  const std::string here = with_plain_host(other.empty() ? from->rest : "/");
  // An absolute URL is its own base: only its dots are resolved. A path like "//a" must not become a host again.
  const std::string there = other.empty() ? std::string(reference) : with_plain_host(reference);
  const auto to = urls::parse_uri_reference(there);
  urls::url out;
  if (!to || !urls::resolve(*urls::parse_uri(here), *to, out)) return std::nullopt;
  out.remove_fragment();
  const std::string resolved(out.buffer());
  if (!resolved.starts_with(with_plain_host(""))) return std::nullopt;
  return from->origin.scheme + "://" + from->origin.authority() + resolved.substr(with_plain_host("").size());
}

std::string path_of(std::string_view url) {
  const auto parts = split(url);
  if (!parts) return {};
  const std::string plain = with_plain_host(parts->rest);
  const auto parsed = urls::parse_uri(plain);
  return parsed ? std::string(parsed->encoded_path()) : std::string();
}

std::string percent_encode(std::string_view text) { return urls::encode(text, urls::unreserved_chars); }

bool is_private_host(std::string_view host) {
  host = without_last_dot(host);
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  if (const auto v4 = urls::parse_ipv4_address(host)) {
    const auto b = v4->to_bytes();
    return b[0] == 0 || b[0] == 10 || b[0] == 127 || (b[0] == 169 && b[1] == 254) ||
           (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
           (b[0] == 100 && (b[1] & 0xc0) == 64) || (b[0] == 192 && b[1] == 0 && b[2] == 0);  // clouds' metadata, too
  }
  if (const auto v6 = urls::parse_ipv6_address(host)) {
    const auto b = v6->to_bytes();
    return v6->is_loopback() || v6->is_unspecified() || v6->is_v4_mapped() || (b[0] & 0xfe) == 0xfc ||
           (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
  }
  return false;
}

bool is_link_local(std::string_view host) {
  host = without_last_dot(host);
  if (const auto v4 = urls::parse_ipv4_address(host)) {
    const auto b = v4->to_bytes();
    return b[0] == 169 && b[1] == 254;
  }
  if (const auto v6 = urls::parse_ipv6_address(host)) {
    const auto b = v6->to_bytes();
    return b[0] == 0xfe && (b[1] & 0xc0) == 0x80;
  }
  return false;
}

bool same_site(std::string_view registry, std::string_view other) {
  registry = without_last_dot(registry);
  other = without_last_dot(other);
  if (registry == other) return true;
  if (is_address(registry) || is_address(other)) return false;
  const auto labels = [](std::string_view name) { return std::count(name.begin(), name.end(), '.') + 1; };
  const auto above = parent(registry);
  const auto domain = labels(above) >= 2 && !above.empty() ? above : registry;
  return labels(domain) >= 2 && is_under(other, domain);
}

}  // namespace headwind::registries
