// SPDX-License-Identifier: Apache-2.0
#include "plugin/abi.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "plugin/types.hpp"

namespace headwind::plugin {

bool is_text(hw_str text, std::size_t max) {
  if (text.len > max || (text.ptr == nullptr && text.len != 0)) return false;
  const std::string_view bytes = view(text);
  return bytes.find('\0') == std::string_view::npos && is_valid_utf8(bytes);
}

bool is_name(hw_str text, std::size_t max) {
  if (!is_text(text, max)) return false;
  return std::ranges::none_of(view(text), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

namespace {
// In the order of hw_status, HW_CANCELLED first.
constexpr std::array kCodes = {Code::cancelled, Code::invalid,     Code::not_found,   Code::denied,  Code::conflict,
                               Code::throttled, Code::unavailable, Code::unsupported, Code::internal};
constexpr std::array<std::string_view, 10> kNames = {"ok",       "cancelled", "invalid",     "not_found",   "denied",
                                                     "conflict", "throttled", "unavailable", "unsupported", "internal"};
}  // namespace

Code to_code(hw_status status) {
  return is_known(status) && status != HW_OK ? kCodes.at(static_cast<std::size_t>(status - 1)) : Code::internal;
}

hw_status to_status(Code code) {
  const auto* found = std::ranges::find(kCodes, code);
  return static_cast<hw_status>(found - kCodes.begin()) + 1;
}

std::string_view status_name(hw_status status) {
  return is_known(status) ? kNames.at(static_cast<std::size_t>(status)) : kNames.back();
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::registry: return "registry";
    case Kind::workload: return "workload";
    case Kind::notifier: return "notifier";
    case Kind::policy: return "policy";
  }
  return "unknown";
}

}  // namespace headwind::plugin
