// SPDX-License-Identifier: Apache-2.0
// Text for chats: their limits, and the characters that mean something to them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace headwind::notifiers {

// At most `limit` characters (code points), the last one an ellipsis where something was left out.
std::string shorten(std::string_view text, std::size_t limit);
// The same with `&`, `<` and `>` escaped as Slack wants it; the limit counts what is sent.
std::string escape_slack(std::string_view text, std::size_t limit);
// Markdown's own characters behind backslashes, line breaks as blanks.
std::string escape_markdown(std::string_view text, std::size_t limit);
// "2025-11-06 10:30:00 UTC"
std::string format_time(std::int64_t unix_ms);

}  // namespace headwind::notifiers
