// SPDX-License-Identifier: Apache-2.0
// One vocabulary of failure, from a plugin's status to an HTTP answer to a request's condition.
// Expected failures are values of this type; exceptions are for bugs.
#pragma once
#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace headwind {

enum class Code : std::uint8_t {
  cancelled,    // the deadline passed, or the program is stopping
  invalid,      // can never work: bad input or configuration
  not_found,    //
  denied,       // credentials missing, wrong, or not enough
  conflict,     // the object moved underneath: read again, choose again
  throttled,    // the peer asked to slow down; see retry_after
  unavailable,  // the peer, or the way to it, is down
  unsupported,  // the callee does not do that
  internal      // a bug on the callee's side
};

std::string_view to_string(Code code);

struct Error {
  Code code = Code::internal;
  std::string message;  // one sentence for a person: object, field, remedy; never a secret
  bool retryable = false;
  std::chrono::milliseconds retry_after{0};  // 0: the caller's own backoff
};

// Error of `code` with that code's usual answer to "is another try worth it?".
Error make_error(Code code, std::string message);
// Puts "<where>: " before the message and keeps everything else.
Error in_context(Error error, std::string_view where);

template <class T = void>
using Result = boost::system::result<T, Error>;

// What boost::system::result calls when value() is asked of a failure: a bug, so an exception.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

}  // namespace headwind
