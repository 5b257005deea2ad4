// SPDX-License-Identifier: Apache-2.0
// Reads a tag into a hw::version. Include headwind/version.hpp.
#pragma once
#include <headwind/version.hpp>

namespace hw {
namespace detail {

constexpr bool equals_word(std::string_view text, std::string_view lower_case_word) {
  if (text.size() != lower_case_word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (to_lower(text[i]) != lower_case_word[i]) return false;
  }
  return true;
}
template <std::size_t N>
constexpr bool is_one_of(std::string_view text, const std::string_view (&words)[N]) {
  for (const std::string_view word : words) {
    if (equals_word(text, word)) return true;
  }
  return false;
}

// Whether a segment between dashes begins a prerelease. Some words do so only with a number behind them: "-dev" alone
// is a variant with more tools in it, and Python writes 3.13.0b2 without a dash, whereas "-b2" may be a build.
constexpr bool begins_prerelease(std::string_view segment, bool attached) {
  constexpr std::string_view words[] = {"alpha",      "beta",     "rc",      "cr",     "pre",       "preview",
                                        "prerelease", "snapshot", "nightly", "canary", "milestone", "ea"};
  constexpr std::string_view numbered[] = {"dev", "m"};
  constexpr std::string_view attached_only[] = {"a", "b"};
  std::size_t end = 0;
  while (end < segment.size() && is_letter(segment[end])) ++end;
  const std::string_view word = segment.substr(0, end), rest = segment.substr(end);
  if (!rest.empty() && !is_digit(rest.front()) && rest.front() != '.') return false;
  if (attached && (rest.empty() || !is_digit(rest.front()))) return false;
  return is_one_of(word, words) || (!rest.empty() && is_one_of(word, numbered)) ||
         (attached && is_one_of(word, attached_only));
}

// Dot-separated identifiers: none empty, and, where asked, no number with a leading zero.
constexpr bool are_identifiers(std::string_view text, bool allow_leading_zeros) {
  for (;;) {
    const std::size_t end = text.find('.');
    const std::string_view one = text.substr(0, end);
    if (one.empty()) return false;
    for (const char c : one) {
      if (!is_digit(c) && !is_letter(c) && c != '-') return false;
    }
    if (!allow_leading_zeros && one.size() > 1 && one.front() == '0' && all_digits(one)) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

// Parts may begin with a zero where the first is a year: 2024.01.02, 20.04.
constexpr bool are_plain_numbers(const version& v) {
  const std::string_view first = v.parts[0];
  if (first.size() > 1 && first.front() == '0') return false;
  const bool year =
      first.size() == 4 && (first.starts_with("19") || first.starts_with("20") || first.starts_with("21"));
  const bool date =
      first.size() == 8 && (first.starts_with("19") || first.starts_with("20") || first.starts_with("21"));
  for (std::size_t i = 1; i < v.count; ++i) {
    const std::string_view part = v.parts[i];
    if (part.size() < 2 || part.front() != '0' || v.dashed || year || date) continue;
    if (first.size() != 2 || part.size() != 2) return false;
  }
  return true;
}

// The text after the numbers, cut at its dashes: [revision] [variant] [prerelease] [variant].
constexpr bool parse_suffix(std::string_view suffix, bool attached, version& v) {
  if (suffix.empty()) return false;
  for (const char c : suffix) {
    if (!is_digit(c) && !is_letter(c) && c != '-' && c != '.' && c != '_') return false;
  }
  auto extend = [suffix](std::string_view& text, std::size_t begin, std::size_t end) {
    if (!text.empty()) begin = static_cast<std::size_t>(text.data() - suffix.data());
    text = suffix.substr(begin, end - begin);
  };
  bool after_prerelease = false, two_variants = false;
  for (std::size_t begin = 0; begin <= suffix.size();) {
    std::size_t end = suffix.find('-', begin);
    if (end == std::string_view::npos) end = suffix.size();
    const std::string_view segment = suffix.substr(begin, end - begin);
    if (segment.empty()) return false;
    const bool first = begin == 0;
    if (first && !attached && all_digits(segment)) {
      v.revision = segment;
    } else if (v.prerelease.empty() && begins_prerelease(segment, first && attached)) {
      v.prerelease = segment;
      after_prerelease = true;
      two_variants = !v.variant.empty();
    } else if (first && attached) {
      return false;
    } else if (after_prerelease && (all_digits(segment) || v.prerelease.ends_with('.'))) {
      extend(v.prerelease, begin, end);
    } else {
      after_prerelease = false;
      extend(two_variants ? v.variant_tail : v.variant, begin, end);
    }
    begin = end + 1;
  }
  return v.prerelease.empty() || are_identifiers(v.prerelease, false);
}

constexpr bool is_dashed_date(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!is_digit(text[i])) return false;
  }
  const int month = (text[5] - '0') * 10 + (text[6] - '0'), day = (text[8] - '0') * 10 + (text[9] - '0');
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && (text.size() == 10 || !is_digit(text[10]));
}

// Everything after the prefix and the v.
constexpr bool parse_numbers(std::string_view text, version& v) {
  std::size_t at = 0;
  if (is_dashed_date(text)) {
    v.dashed = true;
    v.count = 3;
    v.parts = {text.substr(0, 4), text.substr(5, 2), text.substr(8, 2), {}};
    at = 10;
  } else {
    for (;;) {
      const std::size_t length = digits_at(text, at);
      if (v.count == v.parts.size()) return false;
      v.parts[v.count++] = text.substr(at, length);
      at += length;
      if (at + 1 >= text.size() || text[at] != '.' || !is_digit(text[at + 1])) break;
      ++at;
    }
  }
  if (!are_plain_numbers(v)) return false;

  std::string_view rest = text.substr(at);
  if (const std::size_t plus = rest.find('+'); plus != std::string_view::npos) {
    v.build = rest.substr(plus + 1);
    if (!are_identifiers(v.build, true)) return false;
    rest = rest.substr(0, plus);
  }
  if (rest.empty()) return true;
  if (rest.front() == '-' || rest.front() == '_') return parse_suffix(rest.substr(1), false, v);
  return v.count >= 2 && parse_suffix(rest, true, v);
}

// A prefix names a component. What names a commit makes the digits behind it a hash.
constexpr bool is_component(std::string_view prefix) {
  if (!is_letter(prefix.front())) return false;
  for (const char c : prefix) {
    if (!is_digit(c) && !is_letter(c) && c != '-' && c != '.' && c != '_') return false;
  }
  std::string_view word = prefix.substr(0, prefix.size() - 1);
  if (const std::size_t start = word.find_last_of("-._"); start != std::string_view::npos)
    word.remove_prefix(start + 1);
  constexpr std::string_view hashes[] = {"sha", "sha1", "sha256", "git", "commit"};
  return !is_one_of(word, hashes);
}

}  // namespace detail

// Reads `tag` into `out`. False where it is no version; `out` is then not to be used.
constexpr bool parse_version(std::string_view tag, version& out) {
  if (tag.empty() || tag.size() > version::max_length) return false;
  for (std::size_t at = 0; at < tag.size(); ++at) {
    if (at > 0) {
      const char before = tag[at - 1];
      if (before != '-' && before != '_' && before != '.') continue;
      if (before == '.' && at > 1 && is_digit(tag[at - 2])) continue;  // inside a number such as that of alpine3.19-
    }
    const bool spelled = (tag[at] == 'v' || tag[at] == 'V') && at + 1 < tag.size() && is_digit(tag[at + 1]);
    if (!spelled && !is_digit(tag[at])) continue;
    if (at > 0 && !detail::is_component(tag.substr(0, at))) return false;
    out = version{};
    out.text = tag;
    out.prefix = tag.substr(0, at);
    out.spelling = spelled ? tag[at] : '\0';
    if (detail::parse_numbers(tag.substr(spelled ? at + 1 : at), out)) return true;
    if (at == 0) return false;
  }
  return false;
}

}  // namespace hw
