// SPDX-License-Identifier: Apache-2.0
#include "workloads/core/sentence.hpp"

#include <algorithm>

namespace headwind::workloads {
namespace {

// One line, no control characters, no two spaces in a row.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// What follows "://": "user:secret@host/path?signature" becomes "host/path?...". Moves `text` past it.
std::string address(std::string_view& text) {
  const std::string_view whole = text.substr(0, text.find_first_of(" \"'<>`"));
  text.remove_prefix(whole.size());
  const std::size_t query = std::min(whole.find('?'), whole.size());
  std::string_view shown = whole.substr(0, query);
  // An unencoded '/' or '?' in a password still lies before the last '@' of the whole.
  if (const std::size_t at = whole.rfind('@', whole.find("@sha256:") - 1); at != whole.npos)
    shown = at < query ? shown.substr(at + 1) : std::string_view("...");
  return std::string(shown) + (query < whole.size() ? "?..." : "");
}

}  // namespace

std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t end = most - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string quote(std::string_view message) {
  constexpr std::size_t max_read = 16 * 1024;
  const std::string line = one_line(cut(message, max_read));
  std::string out;
  for (std::string_view rest = line; !rest.empty();) {
    const std::size_t scheme = rest.find("://");
    if (scheme == rest.npos) {
      out += rest;
      break;
    }
    out += rest.substr(0, scheme + 3);
    rest.remove_prefix(scheme + 3);
    out += address(rest);
  }
  return cut(out, max_quoted);
}

std::string count_of(std::int64_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string progress(std::int64_t have, std::int64_t want, std::string_view what) {
  return std::to_string(have) + " of " + std::to_string(want) + " " + std::string(what);
}

std::string joined(std::string sentence, std::string_view more) {
  if (more.empty()) return sentence;
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence + "; " + std::string(more);
}

}  // namespace headwind::workloads
