// SPDX-License-Identifier: Apache-2.0
// Versions as they occur in image tags: what a tag's parts are, and which of two is newer. Nothing here allocates or
// throws; a hw::version is a set of views into the tag. It needs no other part of Headwind.
//
//   v1.25.3-alpine3.19    spelling 'v', parts 1 25 3, variant "alpine3.19"
//   release-2.0.0-rc.1    prefix "release-", parts 2 0 0, prerelease "rc.1"
//   3.13.0b2-slim         parts 3 13 0, prerelease "b2", variant "slim"
//   7.9.1-4-ubi8          parts 7 9 1, revision "4", variant "ubi8"
//   2024-01-02, 20.04.1   dates: parts may begin with a zero, which elsewhere makes a tag no version
//   1.2.3+build.5         build metadata, which never decides anything
//
// Precedence is that of semver 2.0, with three additions: one to four parts (a missing one counts as 0) of any length;
// runs of digits inside a prerelease identifier count as numbers, so that rc10 is newer than rc9 and nobody is sent
// backwards; and what semver has no word for (variant, revision) comes after the prerelease. Whether two versions
// should be compared at all is a question of shape: same_prefix, same_variant and the like.
#pragma once
#include <headwind/sdk/natural.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace hw {

struct version {
  static constexpr std::size_t max_length = 256;  // a longer text is no version
  std::string_view text;
  std::string_view prefix;  // "release-", "app-"; a leading v is not part of it
  char spelling = 0;        // 'v', 'V' or 0
  bool dashed = false;      // a date with dashes: 2024-01-02
  std::size_t count = 0;    // of parts: 1..4
  std::array<std::string_view, 4> parts;
  std::string_view revision;      // a bare number after the first dash
  std::string_view prerelease;    // "rc.1"
  std::string_view variant;       // "alpine3.19", before or after the prerelease
  std::string_view variant_tail;  // what follows the prerelease where the variant precedes it
  std::string_view build;         // after a plus
};

// Tags that registries and signing tools put beside an image: sha256-<64 hex digits>, perhaps with .sig, .att or .sbom.
constexpr bool is_signature_tag(std::string_view tag) {
  constexpr std::string_view algorithm = "sha256-";
  if (tag.size() < algorithm.size() + 64 || !tag.starts_with(algorithm)) return false;
  for (const char c : tag.substr(algorithm.size(), 64)) {
    if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) return false;
  }
  const std::string_view rest = tag.substr(algorithm.size() + 64);
  return rest.empty() || rest == ".sig" || rest == ".att" || rest == ".sbom";
}

// How far along a prerelease is: "alpha" < "beta" < "rc"; others come before these.
constexpr std::string_view channel(const version& of) {
  std::size_t end = 0;
  while (end < of.prerelease.size() && is_letter(of.prerelease[end])) ++end;
  return of.prerelease.substr(0, end);
}

constexpr bool same_prefix(const version& a, const version& b) { return a.prefix == b.prefix && a.dashed == b.dashed; }
// The variants are equal, their numbers aside: alpine3.19 and alpine3.20. A revision must be on both or on none.
constexpr bool same_variant(const version& a, const version& b) {
  return a.revision.empty() == b.revision.empty() && same_without_numbers(a.variant, b.variant) &&
         same_without_numbers(a.variant_tail, b.variant_tail);
}
// The variants are equal, their numbers included.
constexpr bool equal_variant(const version& a, const version& b) {
  return a.variant == b.variant && a.variant_tail == b.variant_tail;
}

namespace detail {

// Present or absent, semver's way: what has none is the newer.
constexpr int compare_absence(std::string_view left, std::string_view right) {
  return left.empty() == right.empty() ? 0 : left.empty() ? 1 : -1;
}

constexpr int compare_prerelease(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return compare_absence(left, right);
  for (;;) {
    const std::size_t i = left.find('.'), j = right.find('.');
    const std::string_view a = left.substr(0, i), b = right.substr(0, j);
    const bool numeric_a = all_digits(a), numeric_b = all_digits(b);
    if (numeric_a != numeric_b) return numeric_a ? -1 : 1;
    if (const int order = numeric_a ? compare_numbers(a, b) : compare_natural(a, b); order != 0) return order;
    const bool last_a = i == std::string_view::npos, last_b = j == std::string_view::npos;
    if (last_a || last_b) return last_a == last_b ? 0 : last_a ? -1 : 1;
    left.remove_prefix(i + 1);
    right.remove_prefix(j + 1);
  }
}

}  // namespace detail

// -1, 0 or 1: a is older, of equal precedence, or newer than b.
constexpr int compare(const version& a, const version& b) {
  const std::size_t count = a.count > b.count ? a.count : b.count;
  for (std::size_t i = 0; i < count; ++i) {
    const int order = compare_numbers(i < a.count ? a.parts[i] : "", i < b.count ? b.parts[i] : "");
    if (order != 0) return order;
  }
  if (const int order = detail::compare_prerelease(a.prerelease, b.prerelease); order != 0) return order;
  if (const int order = detail::compare_absence(a.variant, b.variant); order != 0) return order;
  if (const int order = compare_natural(a.variant, b.variant); order != 0) return order;
  if (const int order = detail::compare_absence(a.variant_tail, b.variant_tail); order != 0) return order;
  if (const int order = compare_natural(a.variant_tail, b.variant_tail); order != 0) return order;
  if (const int order = detail::compare_absence(a.revision, b.revision); order != 0) return order;
  return compare_numbers(a.revision, b.revision);
}

// Whether a should be chosen rather than b, when `current` runs: the newer; of equals the one spelled as the current
// tag (v or none), then the more precise, then the first by its bytes. Never true both ways.
constexpr bool is_better(const version& a, const version& b, char current_spelling) {
  if (const int order = compare(a, b); order != 0) return order > 0;
  if ((a.spelling == current_spelling) != (b.spelling == current_spelling)) return a.spelling == current_spelling;
  if (a.count != b.count) return a.count > b.count;
  return a.text < b.text;
}

}  // namespace hw

#include <headwind/sdk/version_parser.hpp>
