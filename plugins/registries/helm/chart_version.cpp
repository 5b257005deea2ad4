// SPDX-License-Identifier: Apache-2.0
// After NewVersion of github.com/Masterminds/semver, with which Helm validates what an index holds.
#include "registries/helm/chart_version.hpp"

#include <headwind/base.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace headwind::registries::helm {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_identifier(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; }

// One to three numbers with dots between them, from the front of `rest`.
bool take_numbers(std::string_view& rest) {
  for (int count = 1;; ++count) {
    std::uint64_t number = 0;
    if (rest.empty() || !is_digit(rest.front())) return false;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc()) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (count == 3 || !rest.starts_with('.')) return true;
    rest.remove_prefix(1);
  }
}

// Identifiers with dots between them. In a prerelease a number does not begin with a zero.
bool are_identifiers(std::string_view text, bool prerelease) {
  for (;;) {
    const auto dot = text.find('.');
    const auto one = text.substr(0, dot);
    if (one.empty() || !std::all_of(one.begin(), one.end(), is_identifier)) return false;
    if (prerelease && one.size() > 1 && one.front() == '0' && std::all_of(one.begin(), one.end(), is_digit))
      return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_chart_version(std::string_view text) {
  if (text.size() > HW_MAX_NAME) return false;
  if (text.starts_with('v')) text.remove_prefix(1);
  if (!take_numbers(text)) return false;
  const auto plus = text.find('+');
  if (plus != std::string_view::npos && !are_identifiers(text.substr(plus + 1), false)) return false;
  text = text.substr(0, plus);
  return text.empty() || (text.front() == '-' && are_identifiers(text.substr(1), true));
}

}  // namespace headwind::registries::helm
