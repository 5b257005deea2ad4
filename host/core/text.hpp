// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace headwind {

std::string to_lower(std::string_view text);                                 // ASCII only
std::string_view trim(std::string_view text);                                // spaces, tabs, CR, LF
std::vector<std::string_view> split(std::string_view text, char separator);  // keeps empty parts
std::string join(const std::vector<std::string>& parts, std::string_view separator = ", ");
bool equals_ignoring_case(std::string_view left, std::string_view right);  // ASCII only
bool is_valid_utf8(std::string_view text);                                 // RFC 3629; no surrogates, no overlongs
// `text` cut at `max` bytes on a character boundary, control characters and invalid bytes replaced by '?':
// fit to be logged, labelled or sent on.
std::string printable(std::string_view text, std::size_t max = 4096);
// The nearest of `known` by edit distance, or empty where none is near: for "did you mean".
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

// Text keyed by text, searchable by string_view.
using TextMap = std::map<std::string, std::string, std::less<>>;

}  // namespace headwind
