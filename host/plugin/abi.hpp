// SPDX-License-Identifier: Apache-2.0
// The border between C and C++: lending text, reading it back with suspicion, and translating statuses.
#pragma once
#include <headwind/headwind.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "plugin/struct_size.hpp"

namespace headwind::plugin {

inline std::string_view view(hw_str text) {
  return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}
inline hw_str lend(std::string_view text) { return {text.data(), text.size()}; }

// Valid UTF-8 without NUL, at most `max` bytes, and not a null pointer with a length.
bool is_text(hw_str text, std::size_t max = HW_MAX_TEXT);
// Text without control characters: fit to be a label or a part of a path.
bool is_name(hw_str text, std::size_t max = HW_MAX_NAME);

// An open set: what we do not know is an internal error of the callee.
Code to_code(hw_status status);
hw_status to_status(Code code);
// "ok", "not_found": as a metric's label.
std::string_view status_name(hw_status status);
inline bool is_known(hw_status status) { return status >= HW_OK && status <= HW_INTERNAL; }

}  // namespace headwind::plugin
