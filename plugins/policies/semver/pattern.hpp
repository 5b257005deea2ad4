// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string_view>

namespace headwind::semver {

constexpr std::size_t max_pattern = 256;

// `*` stands for any text, the empty one included, `?` for one character; the whole tag has to match. The time is at
// most the product of both lengths, whatever the pattern.
bool matches(std::string_view pattern, std::string_view tag);

// True when the pattern itself, outside its wildcards, holds this word: "*-beta" asks for beta.
bool names(std::string_view pattern, std::string_view word);

}  // namespace headwind::semver
