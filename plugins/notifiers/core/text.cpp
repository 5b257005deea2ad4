// SPDX-License-Identifier: Apache-2.0
#include "notifiers/core/text.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace headwind::notifiers {
namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// Writes text piece by piece, each piece one code point or its replacement, while `limit` characters allow.
template <class Replace>
std::string rewrite(std::string_view text, std::size_t limit, Replace replace) {
  std::string out;
  std::size_t used = 0, shorter = 0;  // `shorter`: where to cut so that an ellipsis still fits
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && !starts_character(text[end])) ++end;
    const std::string_view one = text.substr(i, end - i);
    const std::string_view other = one.size() == 1 ? replace(one[0]) : std::string_view();
    const std::size_t cost = other.empty() ? 1 : other.size();
    if (used + cost > limit) {
      out.resize(shorter);
      return limit == 0 ? std::string() : out + "…";
    }
    out += other.empty() ? one : other;
    used += cost;
    if (used < limit) shorter = out.size();
    i = end;
  }
  return out;
}

}  // namespace

std::string shorten(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char) { return std::string_view(); });
}

std::string escape_slack(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char c) -> std::string_view {
    if (c == '&') return "&amp;";
    if (c == '<') return "&lt;";
    if (c == '>') return "&gt;";
    return {};
  });
}

std::string escape_markdown(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char c) -> std::string_view {
    switch (c) {
      case '\\': return "\\\\";
      case '*': return "\\*";
      case '_': return "\\_";
      case '[': return "\\[";
      case ']': return "\\]";
      case '<': return "&lt;";
      case '`': return "\\`";
      case '\n': return " ";
      default: return {};
    }
  });
}

std::string format_time(std::int64_t unix_ms) {
  using namespace std::chrono;
  const sys_seconds at{floor<seconds>(milliseconds(unix_ms))};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u %02d:%02d:%02d UTC", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return out.data();
}

}  // namespace headwind::notifiers
