// SPDX-License-Identifier: Apache-2.0
// How a plugin fails: throw hw::error from any function that the host calls. The trampolines turn it into the status,
// the retry advice and the sentence that the host records; other exceptions become HW_INTERNAL, a defect of the plugin.
//
//   throw hw::error(hw::code::invalid, "setting url is not an https URL");
//   throw hw::error(hw::code::throttled, "hooks.example.com asks us to wait").retry_after(30s);
#pragma once
#include <headwind/base.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hw {

enum class code : hw_status {
  cancelled = HW_CANCELLED,      // the deadline has passed, or the host is stopping
  invalid = HW_INVALID,          // can never work: wrong configuration or argument
  not_found = HW_NOT_FOUND,      //
  denied = HW_DENIED,            // credentials missing, wrong, or not sufficient
  conflict = HW_CONFLICT,        // changed meanwhile: read again
  throttled = HW_THROTTLED,      // the peer wants us to slow down
  unavailable = HW_UNAVAILABLE,  // the peer or the network is down
  unsupported = HW_UNSUPPORTED,  // this plugin, or this host, has no such function
  internal = HW_INTERNAL         // a defect
};

constexpr std::string_view to_string(code value) {
  switch (value) {
    case code::cancelled: return "cancelled";
    case code::invalid: return "invalid";
    case code::not_found: return "not found";
    case code::denied: return "denied";
    case code::conflict: return "conflict";
    case code::throttled: return "throttled";
    case code::unavailable: return "unavailable";
    case code::unsupported: return "unsupported";
    case code::internal: return "internal error";
  }
  return "internal error";
}

class error : public std::runtime_error {
 public:
  // `message` is one line for a person: what failed, where, what to do about it. Never a secret, which includes URLs
  // that carry a token. Whether a repetition may help follows from the code unless retryable() says otherwise.
  error(hw::code code, const std::string& message)
      : std::runtime_error(message),
        code_(code),
        retryable_(code == code::cancelled || code == code::conflict || code == code::throttled ||
                   code == code::unavailable) {}

  error&& retryable(bool yes) && { return retryable_ = yes, std::move(*this); }
  error&& retry_after(std::chrono::milliseconds wait) && { return retry_after_ = wait, std::move(*this); }

  hw::code code() const noexcept { return code_; }
  bool retryable() const noexcept { return retryable_; }
  std::chrono::milliseconds retry_after() const noexcept { return retry_after_; }

 private:
  hw::code code_;
  bool retryable_;
  std::chrono::milliseconds retry_after_{0};
};

// A service of the host failed. The host knows more about it than this message says (which peer, why not reached), so
// where this error leaves the plugin, the host's own sentence is shown.
class service_error : public error {
 public:
  using error::error;
};

namespace detail {
// Thrown when a sink of the host refuses more. Not a std::exception on purpose: a plugin's own handlers let it pass.
struct stopped {
  hw_status status;
};

inline void check_sink(hw_status status) {
  if (status != HW_OK) throw stopped{status};
}
}  // namespace detail

}  // namespace hw
