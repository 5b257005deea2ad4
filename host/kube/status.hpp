// SPDX-License-Identifier: Apache-2.0
// The server's answer to a failed request, as our error.
#pragma once
#include <string_view>

#include "core/result.hpp"
#include "net/http.hpp"

namespace headwind::kube {

// Code by HTTP status: 401 and 403 denied (but not_found where the namespace is being deleted), 404 and 410 not_found,
// 409 conflict, 422 with causes invalid and without any conflict (a JSON patch whose test failed, or whose pointer is
// wrong: the server answers both alike), 429 throttled, 5xx unavailable, the other 4xx invalid. The message holds that
// of the Status body verbatim.
Error error_from(const net::Response& response, std::string_view method, std::string_view path);

// The seconds of Retry-After, or of the Status body; 0 where there are none.
std::chrono::milliseconds retry_after(const net::Response& response);

}  // namespace headwind::kube
