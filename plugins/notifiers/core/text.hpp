// SPDX-License-Identifier: Apache-2.0
// Text for chats: their limits, and the characters that mean something to them.
//
// Limits count UTF-16 code units, as JavaScript and Java do: never fewer than the characters that others count. A cut
// is between characters and shows as an ellipsis. Bytes that are no UTF-8 become U+FFFD, control characters blanks.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headwind::notifiers {

inline constexpr std::size_t unlimited = static_cast<std::size_t>(-1);

// What stands for the ASCII character `c` after `before`, or an empty view where that is `c` itself.
using Replace = std::string_view (*)(char before, char c);

// At most `limit` of what is sent, replacements in full and never half of one.
std::string rewrite(std::string_view text, std::size_t limit, Replace replace);

std::string shorten(std::string_view text, std::size_t limit);
// `&`, `<` and `>` as Slack wants them.
std::string escape_slack(std::string_view text, std::size_t limit);
// The same and quotes, for HTML's text and attributes.
std::string escape_html(std::string_view text, std::size_t limit);
// Markdown's own characters behind backslashes, line breaks as blanks.
std::string escape_markdown(std::string_view text, std::size_t limit);
// The same for chats that know more of them: strike-through, spoilers, quotes, headings.
std::string escape_chat_markdown(std::string_view text, std::size_t limit);
// What stands between two backticks: they are replaced, and line breaks are blanks.
std::string inside_code(std::string_view text, std::size_t limit);

// "2025-11-06 10:30:00 UTC"
std::string format_time(std::int64_t unix_ms);
// "2025-11-06T10:30:00Z"
std::string format_timestamp(std::int64_t unix_ms);

}  // namespace headwind::notifiers
