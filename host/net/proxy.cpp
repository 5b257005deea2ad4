// SPDX-License-Identifier: Apache-2.0
#include "net/proxy.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/pct_string_view.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "core/hash.hpp"

namespace headwind::net {
namespace {

using boost::asio::ip::address;

struct Variable {
  std::string name, value;
};

Variable first_of(const TextMap& environment, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = environment.find(name);
    if (found == environment.end()) continue;
    if (const auto value = trim(found->second); !value.empty()) return {std::string(name), std::string(value)};
  }
  return {};
}

Error bad(const Variable& variable, std::string_view why) {
  return make_error(Code::invalid, "the environment variable " + variable.name + " " + std::string(why) +
                                       "; write it like http://user:password@proxy.example:3128");
}

std::optional<std::string> percent_decode(std::string_view text) {
  const auto encoded = boost::urls::make_pct_string_view({text.data(), text.size()});
  if (!encoded) return std::nullopt;
  return encoded->decode();
}

Result<std::shared_ptr<const Proxy>> read_proxy(const Variable& variable) {
  if (variable.value.empty()) return std::shared_ptr<const Proxy>();
  std::string_view rest = variable.value;
  std::string scheme = "http";
  if (const auto colon = rest.find("://"); colon != std::string_view::npos) {
    scheme = to_lower(rest.substr(0, colon));
    rest.remove_prefix(colon + 3);
  }
  if (scheme.starts_with("socks")) return bad(variable, "names a SOCKS proxy; only HTTP proxies are supported");
  if (scheme != "http" && scheme != "https") return bad(variable, "names a proxy that is neither http nor https");

  auto proxy = std::make_shared<Proxy>();
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view given = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    const auto user = percent_decode(given.substr(0, given.find(':')));
    const auto password =
        percent_decode(given.find(':') == std::string_view::npos ? "" : given.substr(given.find(':') + 1));
    if (!user || !password) return bad(variable, "has a stray percent sign in its user name or password");
    if (user->find(':') != std::string::npos) return bad(variable, "has a colon in its user name");
    proxy->authorization = "Basic " + base64_encode(*user + ":" + *password);
  }
  Result<Url> url = parse_url(scheme + "://" + std::string(rest));
  if (!url) return bad(variable, "holds no host and port of a proxy that can be read");
  proxy->url = std::move(*url);
  const auto after_address = rest.starts_with('[') ? rest.find(']') : 0;
  if (scheme == "http" && rest.find(':', after_address) == std::string_view::npos) proxy->url.port = 1080;
  return std::shared_ptr<const Proxy>(std::move(proxy));
}

std::optional<address> read_address(std::string_view text) {
  boost::system::error_code failure;
  const auto read = boost::asio::ip::make_address(text, failure);
  return failure ? std::nullopt : std::optional(read);
}

template <class Bytes>
bool same_start(const Bytes& left, const Bytes& right, std::size_t bits) {
  for (std::size_t i = 0; i < left.size() && bits > 0; ++i) {
    const std::size_t here = std::min<std::size_t>(bits, 8);
    if (((left[i] ^ right[i]) >> (8 - here)) != 0) return false;
    bits -= here;
  }
  return true;
}

// "10.0.0.0/8", "::1".
bool is_in_network(const address& host, std::string_view entry) {
  const auto slash = entry.find('/');
  const auto network = read_address(entry.substr(0, slash));
  if (!network || network->is_v4() != host.is_v4()) return false;
  const std::size_t whole = host.is_v4() ? 32 : 128;
  std::size_t bits = whole;
  if (slash != std::string_view::npos) {
    const char* end = entry.data() + entry.size();
    const auto read = std::from_chars(entry.data() + slash + 1, end, bits);
    if (read.ec != std::errc() || read.ptr != end || bits > whole) return false;
  }
  return host.is_v4() ? same_start(host.to_v4().to_bytes(), network->to_v4().to_bytes(), bits)
                      : same_start(host.to_v6().to_bytes(), network->to_v6().to_bytes(), bits);
}

bool is_under(std::string_view host, std::string_view domain) {
  if (!host.ends_with(domain) || domain.empty()) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

Result<Proxies> Proxies::of_environment(const TextMap& environment) {
  Proxies proxies;
  Result<std::shared_ptr<const Proxy>> http =
      read_proxy(first_of(environment, {"http_proxy", "all_proxy", "ALL_PROXY"}));
  if (!http) return http.error();
  Result<std::shared_ptr<const Proxy>> https =
      read_proxy(first_of(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}));
  if (!https) return https.error();
  proxies.http_ = std::move(*http);
  proxies.https_ = std::move(*https);

  const std::string list = first_of(environment, {"no_proxy", "NO_PROXY"}).value;
  proxies.all_exempt_ = list == "*";
  for (std::size_t at = 0; (at = list.find_first_not_of(", \t", at)) != std::string::npos;) {
    const std::size_t end = std::min(list.find_first_of(", \t", at), list.size());
    std::string entry = to_lower(std::string_view(list).substr(at, end - at));
    if (entry.ends_with('.')) entry.pop_back();
    if (entry.starts_with('.')) entry.erase(0, 1);
    if (!entry.empty()) proxies.exempt_.push_back(std::move(entry));
    at = end;
  }
  return proxies;
}

bool Proxies::is_exempt(const std::string& host) const {
  if (all_exempt_) return true;
  const auto literal = read_address(host);
  std::string_view name = host;
  if (name.ends_with('.')) name.remove_suffix(1);
  for (const std::string& entry : exempt_)
    if (literal ? is_in_network(*literal, entry) : is_under(name, entry)) return true;
  return false;
}

std::string Proxies::summary() const {
  if (!http_ && !https_) return {};
  const auto way = [](const auto& proxy) { return proxy ? "through " + proxy->name() : std::string("directly"); };
  return "http " + way(http_) + ", https " + way(https_);
}

std::shared_ptr<const Proxy> Proxies::to(const Url& url) const {
  const auto& proxy = url.tls ? https_ : http_;
  if (!proxy || is_exempt(url.host)) return nullptr;
  return proxy;
}

}  // namespace headwind::net
