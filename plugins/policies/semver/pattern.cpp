// SPDX-License-Identifier: Apache-2.0
#include "pattern.hpp"

#include <headwind/sdk/text.hpp>

namespace headwind::semver {

bool matches(std::string_view pattern, std::string_view tag) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;  // the last star, and where its text would grow next
  while (t < tag.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == tag[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool names(std::string_view pattern, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = 0; at + word.size() <= pattern.size(); ++at) {
    if (hw::equals_ignoring_case(pattern.substr(at, word.size()), word)) return true;
  }
  return false;
}

}  // namespace headwind::semver
