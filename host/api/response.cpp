// SPDX-License-Identifier: Apache-2.0
#include "api/response.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace headwind::api {
namespace {

// Nothing is known beyond the status, so the type is about:blank and the title that of the status.
std::string document(unsigned status, std::string_view sentence, std::string_view members) {
  const std::string quoted = json_string(sentence);
  std::string text = R"({"type":"about:blank","title":)" + json_string(title_of(status)) +
                     ",\"status\":" + std::to_string(status) + ",\"detail\":" + quoted + ",\"error\":" + quoted;
  if (!members.empty()) text.append(",").append(members);
  return text + "}";
}

}  // namespace

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

net::ServerResponse problem(unsigned status, std::string_view sentence, std::string_view members) {
  return typed_response(status, "application/problem+json", document(status, sentence, members));
}

net::ServerResponse former_problem(unsigned status, std::string_view sentence, std::string_view members) {
  return json_response(status, document(status, sentence, members));
}

std::string_view title_of(unsigned status) {
  static constexpr std::array<std::pair<unsigned, std::string_view>, 13> titles{
      {{400, "Bad Request"},
       {401, "Unauthorized"},
       {403, "Forbidden"},
       {404, "Not Found"},
       {405, "Method Not Allowed"},
       {408, "Request Timeout"},
       {409, "Conflict"},
       {413, "Content Too Large"},
       {415, "Unsupported Media Type"},
       {422, "Unprocessable Content"},
       {431, "Request Header Fields Too Large"},
       {500, "Internal Server Error"},
       {503, "Service Unavailable"}}};
  const auto* found =
      std::find_if(titles.begin(), titles.end(), [status](const auto& row) { return row.first == status; });
  return found == titles.end() ? "Error" : found->second;
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
