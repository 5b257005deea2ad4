// SPDX-License-Identifier: Apache-2.0
// A server's answer to bytes.
#pragma once
#include <ctime>
#include <string>
#include <string_view>

#include "net/server.hpp"

namespace headwind::net {

struct ResponseFrame {
  bool to_head_request = false;  // Content-Length without the content
  bool http10 = false;
  bool keep_alive = true;
  std::string_view date;
};

// Appends head and body. Headers that would break the message apart are left out; returns false then.
bool append_response(std::string& out, const ServerResponse& response, const ResponseFrame& frame);

// The Date header's value, made once a second.
class DateText {
 public:
  std::string_view now();

 private:
  std::time_t second_ = -1;
  std::string text_;
};

}  // namespace headwind::net
