// SPDX-License-Identifier: Apache-2.0
// The span of one HTTP request that we send: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "telemetry/span.hpp"

namespace headwind::telemetry {

// The method, or "_OTHER" for those that the conventions do not know.
std::string_view known_method(std::string_view method);

// Sets server.address and server.port of an authority, such as "registry.example.com:5000" or "[::1]"; where it names
// no port, that of the scheme.
void name_server(Span& span, std::string_view authority, bool tls);

class HttpClientSpan {
 public:
  struct Request {
    std::string_view method;
    std::string_view origin;           // "https://registry.example.com:443": never more of a URL that may be a secret
    std::string_view path{};           // where it may be shown, without its query; else empty
    std::string_view path_template{};  // of few kinds: names the span
  };
  // There is none where there is no span around it: what nobody asked for is not recorded.
  explicit HttpClientSpan(const Request& request);

  Span& span() { return span_; }
  void answered(unsigned status);
  void failed(const Error& error);
  void resent(std::int64_t times);  // it was sent before, and comes again

 private:
  Span span_;
};

}  // namespace headwind::telemetry
