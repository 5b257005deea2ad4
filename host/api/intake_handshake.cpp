// SPDX-License-Identifier: Apache-2.0
#include "api/intake_handshake.hpp"

#include <simdjson.h>

#include "api/response.hpp"
#include "core/text.hpp"

namespace headwind::api {

bool takes_cloud_events(std::string_view endpoint) {
  return endpoint == "acr" || endpoint == "cloudevents" || endpoint == "any";
}

net::ServerResponse answer_webhook_options(const net::Headers& headers) {
  constexpr std::size_t longest = 255;
  const std::string_view origin = net::find_header(headers, "WebHook-Request-Origin");
  if (origin.empty() || origin.size() > longest)
    return text_response(400, "Name who asks in the header WebHook-Request-Origin.");
  net::ServerResponse response = empty_response(200);
  response.headers.push_back({"Allow", "POST, OPTIONS"});
  response.headers.push_back({"WebHook-Allowed-Origin", printable(origin)});
  response.headers.push_back({"WebHook-Allowed-Rate", "*"});
  return response;
}

std::optional<net::ServerResponse> answer_event_grid(std::string_view endpoint, const net::Headers& headers,
                                                     std::string_view body) {
  if (!takes_cloud_events(endpoint) ||
      !equals_ignoring_case(net::find_header(headers, "aeg-event-type"), "SubscriptionValidation")) {
    return std::nullopt;
  }
  constexpr std::size_t max_depth = 64, longest = 1024;
  simdjson::dom::parser parser;
  std::string_view code;
  if (parser.allocate(body.size(), max_depth) ||
      parser.parse(body.data(), body.size()).at(0)["data"]["validationCode"].get(code) || code.size() > longest) {
    return text_response(422, "The validation event holds no data.validationCode.");
  }
  return json_response(200, R"({"validationResponse":)" + json_string(code) + "}");
}

}  // namespace headwind::api
