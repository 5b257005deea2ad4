// SPDX-License-Identifier: Apache-2.0
#include "core/result.hpp"

#include <stdexcept>
#include <utility>

namespace headwind {

std::string_view to_string(Code code) {
  switch (code) {
    case Code::cancelled: return "cancelled";
    case Code::invalid: return "invalid";
    case Code::not_found: return "not found";
    case Code::denied: return "denied";
    case Code::conflict: return "conflict";
    case Code::throttled: return "throttled";
    case Code::unavailable: return "unavailable";
    case Code::unsupported: return "unsupported";
    case Code::internal: return "internal";
  }
  return "internal";
}

Error make_error(Code code, std::string message) {
  const bool retryable =
      code == Code::cancelled || code == Code::conflict || code == Code::throttled || code == Code::unavailable;
  return Error{code, std::move(message), retryable, std::chrono::milliseconds{0}};
}

Error in_context(Error error, std::string_view where) {
  error.message = std::string(where) + ": " + error.message;
  return error;
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("value() of a failed Result: " + error.message);
}

}  // namespace headwind
