// SPDX-License-Identifier: Apache-2.0
#include "net/response_text.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <cstdio>

#include "core/text.hpp"
#include "net/head.hpp"

namespace headwind::net {
namespace {

bool is_servers_own(std::string_view name) {
  switch (name.size()) {
    case 4: return equals_ignoring_case(name, "date");
    case 10: return equals_ignoring_case(name, "connection");
    case 14: return equals_ignoring_case(name, "content-length");
    case 17: return equals_ignoring_case(name, "transfer-encoding");
    default: return false;
  }
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

bool append_response(std::string& out, const ServerResponse& response, const ResponseFrame& frame) {
  bool clean = true;
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(response.status));
  out.append("HTTP/1.1 ");
  append_number(out, response.status);
  out.append(" ").append(reason.data(), reason.size()).append("\r\nDate: ").append(frame.date).append("\r\n");
  for (const Header& header : response.headers) {
    if (is_servers_own(header.name)) continue;
    if (!is_token(header.name) || !is_header_value(header.value)) {
      clean = false;
      continue;
    }
    out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  const bool has_body = response.status >= 200 && response.status != 204 && response.status != 304;
  if (response.next_piece) {
    if (!frame.http10) out.append("Transfer-Encoding: chunked\r\n");
  } else if (has_body) {
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  if (!frame.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (frame.http10) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  if (has_body && !frame.to_head_request && !response.next_piece) out.append(response.body);
  return clean;
}

std::string_view DateText::now() {
  const std::time_t second = std::time(nullptr);
  if (second == second_) return text_;
  second_ = second;
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm time{};
  ::gmtime_r(&second, &time);
  std::array<char, 64> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT", days[time.tm_wday], time.tm_mday,
                    months[time.tm_mon], time.tm_year + 1900, time.tm_hour, time.tm_min, time.tm_sec);
  text_.assign(text.data(), static_cast<std::size_t>(size));
  return text_;
}

}  // namespace headwind::net
