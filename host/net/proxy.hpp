// SPDX-License-Identifier: Apache-2.0
// Which exchanges go through a proxy, by the environment variables that curl reads, as it reads them:
//
//   https_proxy, else HTTPS_PROXY   the proxy for https URLs
//   http_proxy                      the one for http URLs; HTTP_PROXY is not read, because a CGI program would find the
//                                   header "Proxy" of whoever calls it there
//   all_proxy, else ALL_PROXY       for both, where there is none of the above
//   no_proxy, else NO_PROXY         the hosts that are reached without
//
// An empty variable counts as none. A proxy is [http://|https://][user:password@]host[:port]; without a port 1080, or
// 443 where it is spoken to by TLS. SOCKS is refused. NO_PROXY is "*" for everything, or a list with commas or blanks
// between its entries: a domain stands for itself and for all under it, with or without a dot before it; an IP address
// or a network (10.0.0.0/8, fd00::/8) for URLs that name their host by its address. Names are not looked up for that,
// and an entry with a port matches nothing. Nothing is exempt by itself, not even localhost.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/text.hpp"
#include "net/http.hpp"
#include "net/url.hpp"

namespace headwind::net {

struct Proxy {
  Url url;                                   // where it listens; a path has no meaning
  std::string authorization;                 // of Proxy-Authorization: a secret; empty: none
  std::shared_ptr<const TlsSettings> tls{};  // for https proxies; null: the system's trust store

  std::string name() const { return "the proxy " + url.origin(); }  // for errors
};

class Proxies {
 public:
  Proxies() = default;  // none: everything is reached directly
  // An error names the variable and never its value.
  static Result<Proxies> of_environment(const TextMap& environment);

  // Null: directly. Valid as long as this object or a copy.
  std::shared_ptr<const Proxy> to(const Url& url) const;

  // "http directly, https through the proxy http://proxy:3128": for the log. Empty where there is none.
  std::string summary() const;

 private:
  bool is_exempt(const std::string& host) const;

  std::shared_ptr<const Proxy> http_, https_;
  bool all_exempt_ = false;
  std::vector<std::string> exempt_;  // lower case, without dots at their ends
};

}  // namespace headwind::net
