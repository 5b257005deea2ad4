// SPDX-License-Identifier: Apache-2.0
#include "api/server_span.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "telemetry/http_span.hpp"

namespace headwind::api {
namespace {

std::string parent_in(const net::Headers& headers) {
  std::vector<std::string_view> parents, states;
  for (const net::Header& header : headers) {
    if (equals_ignoring_case(header.name, "traceparent")) parents.push_back(header.value);
    if (equals_ignoring_case(header.name, "tracestate")) states.push_back(header.value);
  }
  const auto context = telemetry::parse_trace_headers(parents, states);
  return context ? telemetry::text_of(*context) : std::string();
}

// What X-Forwarded-... and its like say is not believed: anybody may write it.
void describe(telemetry::Span& span, const net::ServerRequest& request, const std::string& method) {
  span.set("http.request.method", method);
  if (method != request.method) span.set("http.request.method_original", printable(request.method, 32));
  span.set("url.scheme", std::string(request.tls ? "https" : "http"));
  // The conventions want them; as they came they may hold a secret, also where no route matches.
  span.set("url.path", std::string("/REDACTED"));
  if (!request.query.empty()) span.set("url.query", std::string("REDACTED"));
  telemetry::name_server(span, net::find_header(request.headers, "host"), request.tls);
  span.set("network.protocol.version", std::string(request.http10 ? "1.0" : "1.1"));
  span.set("client.address", request.peer);
  span.set("network.peer.address", request.peer);
  span.set("network.peer.port", std::int64_t{request.peer_port});
  if (const auto agent = net::find_header(request.headers, "user-agent"); !agent.empty())
    span.set("user_agent.original", printable(agent, 256));
}

void answered(telemetry::Span& span, unsigned status) {
  span.set("http.response.status_code", std::int64_t{status});
  if (status >= 500) span.fail({}, std::to_string(status));
}

Task<net::ServerResponse> serve(std::shared_ptr<const Router> router, net::ServerRequest request) {
  if (request.path == "/health") co_return co_await router->route(std::move(request));
  const std::string method(telemetry::known_method(request.method));
  telemetry::Span span(method == "_OTHER" ? "HTTP" : method,
                       {.kind = telemetry::SpanKind::server, .parent = parent_in(request.headers)});
  if (span.is_recorded()) describe(span, request, method);
  try {
    net::ServerResponse response = co_await router->route(std::move(request));
    answered(span, response.status);
    co_return response;
  } catch (...) {  // a bug: what net::Server answers then
    answered(span, 500);
    throw;
  }
}

}  // namespace

net::Handler traced_handler_of(std::shared_ptr<const Router> router) {
  return [router = std::move(router)](net::ServerRequest request) { return serve(router, std::move(request)); };
}

}  // namespace headwind::api
