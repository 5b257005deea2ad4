// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "core/text.hpp"

namespace headwind::net {
namespace {

Error bad(std::string_view why) {
  return make_error(Code::invalid, "the URL " + std::string(why) + "; write it like https://host:port/path");
}

}  // namespace

std::string Url::origin() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (tls ? "https://" : "http://") + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > 16384) return bad("is longer than 16384 bytes");
  const auto parsed = boost::urls::parse_absolute_uri({text.data(), text.size()});
  if (!parsed) return bad("is not an absolute URL");
  const boost::urls::url_view& view = *parsed;
  const auto plain = [](auto part) { return std::string(part.data(), part.size()); };

  Url url;
  const std::string scheme = to_lower(plain(view.scheme()));
  if (scheme != "http" && scheme != "https") return bad("has neither the scheme http nor https");
  url.tls = scheme == "https";
  if (view.has_userinfo()) return bad("holds a user name or password, which belongs into a header");
  url.host = to_lower(plain(view.encoded_host_address()));
  if (url.host.empty()) return bad("has no host");
  if (url.host.find('%') != std::string::npos) return bad("has a percent sign in its host");

  const std::uint16_t usual = url.tls ? 443 : 80;
  url.port = usual;
  if (view.has_port() && !view.port().empty()) {
    url.port = view.port_number();  // 0 where it does not fit
    if (url.port == 0) return bad("has a port outside 1 to 65535");
  }
  url.authority = url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host;
  if (url.port != usual) url.authority += ":" + std::to_string(url.port);
  url.target = plain(view.encoded_path());
  // Boost.URL 1.81 reads "host:12x/" as port 12 and path "x/".
  if (!url.target.empty() && url.target.front() != '/') return bad("has something between its host and its path");
  if (url.target.empty()) url.target = "/";
  if (view.has_query()) url.target += "?" + plain(view.encoded_query());
  return url;
}

}  // namespace headwind::net
