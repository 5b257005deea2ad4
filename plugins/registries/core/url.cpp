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
  if (url.size() > max_url) return std::nullopt;
  const auto parsed = urls::parse_uri(url);
  if (!parsed || parsed->has_userinfo() || parsed->encoded_host().empty()) return std::nullopt;
  Origin origin;
  origin.scheme = lower(std::string(parsed->scheme()));
  if (origin.scheme != "http" && origin.scheme != "https") return std::nullopt;
  origin.host = lower(std::string(parsed->host_address()));
  origin.port = std::string(parsed->port());
  if (origin.port.empty()) origin.port = origin.scheme == "http" ? "80" : "443";
  return origin;
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
  if (base.size() > max_url || reference.size() > max_url) return std::nullopt;
  const auto from = urls::parse_uri(base);
  const auto to = urls::parse_uri_reference(reference);
  if (!from || !to) return std::nullopt;
  urls::url out;
  if (!urls::resolve(*from, *to, out)) return std::nullopt;
  out.remove_fragment();
  return std::string(out.buffer());
}

std::string path_of(std::string_view url) {
  if (url.size() > max_url) return {};
  const auto parsed = urls::parse_uri(url);
  return parsed ? std::string(parsed->encoded_path()) : std::string();
}

std::string percent_encode(std::string_view text) { return urls::encode(text, urls::unreserved_chars); }

bool is_private_host(std::string_view host) {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  if (const auto v4 = urls::parse_ipv4_address(host)) {
    const auto b = v4->to_bytes();
    return b[0] == 0 || b[0] == 10 || b[0] == 127 || (b[0] == 169 && b[1] == 254) ||
           (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
  }
  if (const auto v6 = urls::parse_ipv6_address(host)) {
    const auto b = v6->to_bytes();
    return v6->is_loopback() || v6->is_unspecified() || v6->is_v4_mapped() || (b[0] & 0xfe) == 0xfc ||
           (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
  }
  return false;
}

bool same_site(std::string_view registry, std::string_view other) {
  if (registry == other) return true;
  if (is_address(registry) || is_address(other)) return false;
  const auto labels = [](std::string_view name) { return std::count(name.begin(), name.end(), '.') + 1; };
  const auto above = parent(registry);
  const auto domain = labels(above) >= 2 && !above.empty() ? above : registry;
  return labels(domain) >= 2 && is_under(other, domain);
}

}  // namespace headwind::registries
