// SPDX-License-Identifier: Apache-2.0
#include "telemetry/http_span.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.hpp"

namespace headwind::telemetry {
namespace {

std::string name_of(const HttpClientSpan::Request& request) {
  std::string name(known_method(request.method) == "_OTHER" ? "HTTP" : request.method);
  if (!request.path_template.empty()) name.append(" ").append(request.path_template);
  return name;
}

}  // namespace

std::string_view known_method(std::string_view method) {
  static constexpr std::array<std::string_view, 9> known{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                         "CONNECT", "OPTIONS", "TRACE", "PATCH"};
  const auto found = std::find(known.begin(), known.end(), method);
  return found == known.end() ? "_OTHER" : *found;
}

void name_server(Span& span, std::string_view authority, bool tls) {
  const std::size_t colon = authority.ends_with(']') ? std::string_view::npos : authority.rfind(':');
  std::int64_t port = 0;
  if (colon != std::string_view::npos)
    std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), port);
  std::string_view address = authority.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (address.empty()) return;
  span.set("server.address", printable(address, 255));
  span.set("server.port", port != 0 ? port : std::int64_t{tls ? 443 : 80});
}

HttpClientSpan::HttpClientSpan(const Request& request)
    : span_(name_of(request), {.kind = SpanKind::client, .may_be_root = false}) {
  if (!span_.is_recorded()) return;
  span_.set("http.request.method", std::string(known_method(request.method)));
  if (known_method(request.method) == "_OTHER") span_.set("http.request.method_original", std::string(request.method));
  std::string_view authority = request.origin;
  if (const auto scheme = authority.find("://"); scheme != std::string_view::npos) authority.remove_prefix(scheme + 3);
  name_server(span_, authority.substr(0, authority.find('/')), request.origin.starts_with("https:"));
  span_.set("url.full", std::string(request.origin) + (request.path.empty() ? "/REDACTED" : std::string(request.path)));
  if (!request.path_template.empty()) span_.set("url.template", std::string(request.path_template));
}

void HttpClientSpan::answered(unsigned status) {
  if (!span_.is_recorded()) return;
  span_.set("http.response.status_code", std::int64_t{status});
  span_.set("network.protocol.version", std::string("1.1"));  // net::Client speaks no other
  if (status >= 400) span_.fail({}, std::to_string(status));
}

void HttpClientSpan::failed(const Error& error) { span_.fail(error.message, to_string(error.code)); }

void HttpClientSpan::resent(std::int64_t times) {
  if (times > 0) span_.set("http.request.resend_count", times);
}

}  // namespace headwind::telemetry
