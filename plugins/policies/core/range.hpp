// SPDX-License-Identifier: Apache-2.0
// Ranges of versions as package managers write them:
//
//   >=1.4 <2     both (a comma may stand between them)     1.x, 1.2.*, 1     every version that begins so
//   ^1.4         up to the next major version              ~1.4              up to the next minor version
//   1.2 - 2.0    from here to there, both included         <1 || >=2         one or the other
//
// A partial version stands for all that begin with it: >1.4 begins at 1.5, <=1.4 holds 1.4.9. A prerelease is in a
// range only where a comparator of the same alternative names one of the same numbers (>=1.5.0-rc.1). Prefix and
// variant do not count: whether two tags can be compared at all is for the caller to say.
#pragma once
#include <array>
#include <cstddef>
#include <headwind/version.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::policies {

class Range {
 public:
  static constexpr std::size_t max_length = 256;
  // False where `text` is no range; `problem` says which part of it.
  static bool parse(std::string_view text, Range& out, std::string& problem);
  bool holds(const hw::version& version) const;

 private:
  enum class Op : unsigned char { less, less_equal, greater, greater_equal, equal, not_equal };
  struct Comparator {
    Op op = Op::equal;
    std::string bound;  // a version of four numbers, perhaps with a prerelease
  };
  using All = std::vector<Comparator>;
  friend class RangeReader;

  static bool fits(const Comparator& comparator, const hw::version& version);
  static bool all_fit(const All& comparators, const hw::version& version);
  std::vector<All> alternatives_;
};

}  // namespace headwind::policies
