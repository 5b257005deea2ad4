// SPDX-License-Identifier: Apache-2.0
// The few shapes of answer that our ports give.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "net/server.hpp"

namespace headwind::api {

net::ServerResponse empty_response(unsigned status);
net::ServerResponse typed_response(unsigned status, std::string content_type, std::string body);
net::ServerResponse text_response(unsigned status, std::string body);  // text/plain
net::ServerResponse json_response(unsigned status, std::string json);  // application/json; `json` is sent as it is

// An error as a problem document (RFC 9457): type, title, status, detail, and `error`, which is what 0.1.x called the
// sentence. `members` is the JSON of more of them: "\"current_phase\":\"Failed\"".
net::ServerResponse problem(unsigned status, std::string_view sentence, std::string_view members = {});
// The same, said to be application/json: where 0.1.x answered with JSON, its clients may look at the type.
net::ServerResponse former_problem(unsigned status, std::string_view sentence, std::string_view members = {});
// "Not Found": the words of RFC 9110 for a status that our ports answer with.
std::string_view title_of(unsigned status);

// Adds Retry-After in whole seconds, rounded up, at least 1; `after` 0 means `otherwise`.
void set_retry_after(net::ServerResponse& response, std::chrono::milliseconds after, std::chrono::seconds otherwise);

// `text` as a JSON string, with its quotes. Invalid UTF-8 is replaced.
std::string json_string(std::string_view text);

// A coroutine that is already done, for handlers that have nothing to wait for.
Task<net::ServerResponse> answer(net::ServerResponse response);

}  // namespace headwind::api
