// SPDX-License-Identifier: Apache-2.0
#include "notifiers/core/text.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace headwind::notifiers {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// The length of the character at the front, by RFC 3629; 0 where there is none.
std::size_t character_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return at(i) >= low && at(i) <= high;
  };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

std::string_view as_is(char, char) { return {}; }

// "YYYY-MM-DD`between`hh:mm:ss"
std::string format(std::int64_t unix_ms, char between) {
  using namespace std::chrono;
  const sys_seconds at{floor<seconds>(milliseconds(unix_ms))};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u%c%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), between,
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return out.data();
}

}  // namespace

std::string rewrite(std::string_view text, std::size_t limit, Replace replace) {
  std::string out;
  std::size_t used = 0, shorter = 0;  // `shorter`: where to cut so that an ellipsis still fits
  char before = ' ';
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    std::string_view one = length == 0 ? replacement : text.substr(0, length);
    std::size_t cost = length == 4 ? 2 : 1;
    if (length == 1) {
      if (const std::string_view other = replace(before, text[0]); !other.empty()) {
        one = other;
        cost = 0;  // of what a replacement holds, code points beyond the first plane are none
        for (const char c : other) cost += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
      } else if (is_control(text[0])) {
        one = " ";
      }
    }
    if (cost > limit - used) {
      out.resize(shorter);
      return limit == 0 ? std::string() : out + "…";
    }
    out += one;
    used += cost;
    if (used < limit) shorter = out.size();
    before = text[0];
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string shorten(std::string_view text, std::size_t limit) { return rewrite(text, limit, as_is); }

std::string escape_slack(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char, char c) -> std::string_view {
    if (c == '&') return "&amp;";
    if (c == '<') return "&lt;";
    if (c == '>') return "&gt;";
    return {};
  });
}

std::string escape_html(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char, char c) -> std::string_view {
    switch (c) {
      case '&': return "&amp;";
      case '<': return "&lt;";
      case '>': return "&gt;";
      case '"': return "&quot;";
      default: return {};
    }
  });
}

std::string escape_markdown(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char, char c) -> std::string_view {
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

std::string escape_chat_markdown(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char before, char c) -> std::string_view {
    switch (c) {
      case '\\': return "\\\\";
      case '*': return "\\*";
      case '_': return "\\_";
      case '~': return "\\~";
      case '`': return "\\`";
      case '|': return "\\|";
      case '[': return "\\[";
      case ']': return "\\]";
      case '<': return "\\<";
      case '>': return "\\>";
      case '#': return "\\#";
      case '\n': return " ";
      // A blank without width: nobody is called by it. An e-mail address stays as it is.
      case '@':
        return (before >= '0' && before <= '9') || ((before | 32) >= 'a' && (before | 32) <= 'z')
                   ? std::string_view()
                   : std::string_view("@\xE2\x80\x8B");
      default: return {};
    }
  });
}

std::string inside_code(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char, char c) -> std::string_view {
    if (c == '`') return "'";
    if (c == '\n') return " ";
    return {};
  });
}

std::string format_time(std::int64_t unix_ms) { return format(unix_ms, ' ') + " UTC"; }

std::string format_timestamp(std::int64_t unix_ms) { return format(unix_ms, 'T') + "Z"; }

}  // namespace headwind::notifiers
