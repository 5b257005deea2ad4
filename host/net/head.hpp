// SPDX-License-Identifier: Apache-2.0
// HTTP messages to bytes.
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "net/http.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"

namespace headwind::net {

// RFC 9110's token: what a method or a header's name may be.
bool is_token(std::string_view text);
// No line break and no NUL: such a value could not become a header of its own, or a message of its own.
bool is_header_value(std::string_view text);

// Head and body of a request. `proxy` is the one that is sent it as a whole; null where a server is. Fails where the
// caller's texts would break the message apart.
Result<std::string> request_text(const Request& request, const Url& url, std::string_view user_agent,
                                 const Proxy* proxy = nullptr);
// Asks `proxy` for a way to `url`.
std::string connect_text(const Proxy& proxy, const Url& url, std::string_view user_agent);

}  // namespace headwind::net
