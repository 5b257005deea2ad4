// SPDX-License-Identifier: Apache-2.0
// Numbers inside text: compared exactly, whatever their length, and without allocating.
#pragma once
#include <cstddef>
#include <string_view>

namespace hw {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

constexpr std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}
constexpr bool all_digits(std::string_view text) { return !text.empty() && digits_at(text, 0) == text.size(); }

constexpr int compare_bytes(std::string_view left, std::string_view right) {
  const int order = left.compare(right);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Two runs of digits as numbers: leading zeros do not count, and nothing overflows.
constexpr int compare_numbers(std::string_view left, std::string_view right) {
  while (!left.empty() && left.front() == '0') left.remove_prefix(1);
  while (!right.empty() && right.front() == '0') right.remove_prefix(1);
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  return compare_bytes(left, right);
}

// Text as people sort it: runs of digits as numbers, the rest byte by byte ("rc2" < "rc10"). Texts that differ only in
// leading zeros are told apart by their bytes, so only equal texts are equal.
constexpr int compare_natural(std::string_view left, std::string_view right) {
  std::size_t i = 0, j = 0;
  while (i < left.size() && j < right.size()) {
    if (is_digit(left[i]) && is_digit(right[j])) {
      const std::size_t m = digits_at(left, i), n = digits_at(right, j);
      if (const int order = compare_numbers(left.substr(i, m), right.substr(j, n)); order != 0) return order;
      i += m;
      j += n;
    } else {
      if (left[i] != right[j])
        return static_cast<unsigned char>(left[i]) < static_cast<unsigned char>(right[j]) ? -1 : 1;
      ++i;
      ++j;
    }
  }
  if (i < left.size()) return 1;
  if (j < right.size()) return -1;
  return compare_bytes(left, right);
}

// True when the texts are the same once every number in them ("19", "3.19") is left out: "alpine3.19" and "alpine".
constexpr bool same_without_numbers(std::string_view left, std::string_view right) {
  auto skip = [](std::string_view text, std::size_t at) {
    while (at < text.size() && is_digit(text[at])) {
      at += digits_at(text, at);
      if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) ++at;
    }
    return at;
  };
  std::size_t i = 0, j = 0;
  for (;;) {
    i = skip(left, i);
    j = skip(right, j);
    if (i == left.size() || j == right.size()) return i == left.size() && j == right.size();
    if (left[i++] != right[j++]) return false;
  }
}

}  // namespace hw
