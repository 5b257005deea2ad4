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
net::ServerResponse error_response(unsigned status, std::string_view sentence);  // {"error": sentence}

// Adds Retry-After in whole seconds, rounded up, at least 1; `after` 0 means `otherwise`.
void set_retry_after(net::ServerResponse& response, std::chrono::milliseconds after, std::chrono::seconds otherwise);

// `text` as a JSON string, with its quotes. Invalid UTF-8 is replaced.
std::string json_string(std::string_view text);

// A coroutine that is already done, for handlers that have nothing to wait for.
Task<net::ServerResponse> answer(net::ServerResponse response);

}  // namespace headwind::api
