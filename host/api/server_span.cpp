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

Task<net::ServerResponse> serve(std::shared_ptr<const Router> router, net::ServerRequest request) {
  if (request.path == "/health") co_return co_await router->route(std::move(request));
  const std::string method(telemetry::known_method(request.method));
  telemetry::Span span(method == "_OTHER" ? "HTTP" : method,
                       {.kind = telemetry::SpanKind::server, .parent = parent_in(request.headers)});
  if (span.is_recorded()) {
    span.set("http.request.method", method);
    // The conventions want one; the path as it came may hold a secret, also where no route matches.
    span.set("url.path", std::string("/REDACTED"));
    span.set("client.address", request.peer);
    if (const auto agent = net::find_header(request.headers, "user-agent"); !agent.empty())
      span.set("user_agent.original", printable(agent, 256));
  }
  net::ServerResponse response = co_await router->route(std::move(request));
  span.set("http.response.status_code", std::int64_t{response.status});
  if (response.status >= 500) span.fail({}, std::to_string(response.status));
  co_return response;
}

}  // namespace

net::Handler traced_handler_of(std::shared_ptr<const Router> router) {
  return [router = std::move(router)](net::ServerRequest request) { return serve(router, std::move(request)); };
}

}  // namespace headwind::api
