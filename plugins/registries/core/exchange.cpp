// SPDX-License-Identifier: Apache-2.0
#include "registries/core/exchange.hpp"

namespace headwind::registries {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool may_redirect(const Origin& home, const Origin& to) {
  if (to == home) return true;
  if (is_link_local(to.host)) return false;  // where clouds keep the credentials of machines
  return (to.scheme == "https" || home.scheme == "http") && (!is_private_host(to.host) || is_private_host(home.host));
}

Outcome<Response> Exchange::send(const Target& target, const Request& request, Transport& transport) {
  const auto home = origin_of(target.url);
  auto header = authorization_.known(target, transport);
  if (!header) return header.failure();
  bool challenged = false;
  std::string url = request.url;
  for (int redirects = 0;;) {
    const auto origin = origin_of(url);
    const bool at_home = origin && home && *origin == *home;
    Request one = request;
    one.url = url;
    if (at_home && !header->empty()) one.headers.emplace_back("Authorization", *header);
    auto response = transport.exchange(one);
    if (!response)  // the host adds why
      return Failure{response.failure().code, target.name + " gave no answer about " + target.path,
                     response.failure().retry_after_ms};
    if (response->status == 401 && at_home && !challenged) {
      challenged = true;
      header = authorization_.answer(target, *response, *header, transport);
      if (!header) return header.failure();
      continue;
    }
    if (!is_redirect(response->status)) return response;
    const auto location = resolve_url(url, response->header("location"));
    const auto to = location ? origin_of(*location) : std::nullopt;
    if (!to || !home || !may_redirect(*home, *to) || ++redirects > max_redirects)
      return Failure{HW_UNAVAILABLE, target.name + " redirects " + target.path + " to a place that is not followed", 0};
    url = *location;
  }
}

}  // namespace headwind::registries
