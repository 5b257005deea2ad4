// SPDX-License-Identifier: Apache-2.0
#include "api/response.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace headwind::api {

net::ServerResponse empty_response(unsigned status) {
  net::ServerResponse response;
  response.status = status;
  return response;
}

net::ServerResponse typed_response(unsigned status, std::string content_type, std::string body) {
  net::ServerResponse response = empty_response(status);
  response.headers.push_back({"Content-Type", std::move(content_type)});
  response.body = std::move(body);
  return response;
}

net::ServerResponse text_response(unsigned status, std::string body) {
  return typed_response(status, "text/plain; charset=utf-8", std::move(body));
}

net::ServerResponse json_response(unsigned status, std::string json) {
  return typed_response(status, "application/json", std::move(json));
}

net::ServerResponse error_response(unsigned status, std::string_view sentence) {
  return json_response(status, "{\"error\":" + json_string(sentence) + "}");
}

void set_retry_after(net::ServerResponse& response, std::chrono::milliseconds after, std::chrono::seconds otherwise) {
  const auto wait = after.count() > 0 ? std::chrono::ceil<std::chrono::seconds>(after) : otherwise;
  response.headers.push_back({"Retry-After", std::to_string(std::max<std::int64_t>(1, wait.count()))});
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Task<net::ServerResponse> answer(net::ServerResponse response) { co_return response; }

}  // namespace headwind::api
