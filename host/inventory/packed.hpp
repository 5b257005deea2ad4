// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace headwind::inventory {

// Compressed text: a history of ten entries shrinks to a third, most of which is its digests. Any thread.
std::string pack(std::string_view text);
// The text again; empty where `packed` is not what pack() made.
std::string unpack(std::string_view packed);

}  // namespace headwind::inventory
