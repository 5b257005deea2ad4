// SPDX-License-Identifier: Apache-2.0
#include "net/head.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace headwind::net {
namespace {

// What the client itself says about the message; a second one would contradict it.
bool is_framing(std::string_view name) {
  return equals_ignoring_case(name, "content-length") || equals_ignoring_case(name, "transfer-encoding") ||
         equals_ignoring_case(name, "connection") || equals_ignoring_case(name, "proxy-authorization");
}

bool has_body_by_meaning(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

}  // namespace

bool is_token(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::string connect_text(const Proxy& proxy, const Url& url, std::string_view user_agent) {
  const std::string target = url.host_and_port();
  std::string text = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!user_agent.empty()) text.append("User-Agent: ").append(user_agent).append("\r\n");
  if (!proxy.authorization.empty()) text += "Proxy-Authorization: " + proxy.authorization + "\r\n";
  return text + "\r\n";
}

Result<std::string> request_text(const Request& request, const Url& url, std::string_view user_agent,
                                 const Proxy* proxy) {
  if (!is_token(request.method))
    return make_error(Code::invalid, "the HTTP method '" + printable(request.method, 32) + "' is not a token");
  std::string text;
  text.reserve(256 + url.target.size() + request.body.size());
  text.append(request.method).append(" ");
  if (proxy != nullptr) text.append(url.tls ? "https://" : "http://").append(url.authority);
  text.append(url.target).append(" HTTP/1.1\r\n");
  if (proxy != nullptr && !proxy->authorization.empty())
    text.append("Proxy-Authorization: ").append(proxy->authorization).append("\r\n");
  if (find_header(request.headers, "host").empty()) text.append("Host: ").append(url.authority).append("\r\n");
  if (find_header(request.headers, "user-agent").empty() && !user_agent.empty())
    text.append("User-Agent: ").append(user_agent).append("\r\n");
  for (const Header& header : request.headers) {
    if (!is_token(header.name))
      return make_error(Code::invalid, "'" + printable(header.name, 64) + "' is not the name of a header");
    if (!is_header_value(header.value))
      return make_error(Code::invalid, "the value of the header " + header.name + " holds a line break");
    if (is_framing(header.name)) continue;
    text.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (!request.body.empty() || has_body_by_meaning(request.method))
    text.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  text.append("\r\n").append(request.body);
  return text;
}

}  // namespace headwind::net
