// SPDX-License-Identifier: Apache-2.0
#include "api/traceparent.hpp"

namespace headwind::api {
namespace {

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }
bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

bool is_valid_traceparent(std::string_view value) {
  constexpr std::size_t kLength = 55;
  constexpr std::size_t kLongest = 256;
  if (value.size() < kLength || value.size() > kLongest) return false;
  const std::string_view version = value.substr(0, 2);
  const std::string_view trace = value.substr(3, 32);
  const std::string_view parent = value.substr(36, 16);
  const std::string_view flags = value.substr(53, 2);
  if (value[2] != '-' || value[35] != '-' || value[52] != '-') return false;
  if (!is_hex(version) || !is_hex(trace) || !is_hex(parent) || !is_hex(flags)) return false;
  if (version == "ff" || is_zero(trace) || is_zero(parent)) return false;
  if (value.size() == kLength) return true;
  if (version == "00" || value[kLength] != '-') return false;
  for (const char letter : value) {  // a header value is passed on in annotations: printable ASCII only
    if (letter < '!' || letter > '~') return false;
  }
  return true;
}

std::string_view trace_id_of(std::string_view value) {
  return is_valid_traceparent(value) ? value.substr(3, 32) : std::string_view();
}

}  // namespace headwind::api
