// SPDX-License-Identifier: Apache-2.0
// Tags that are dates, read by a scheme (https://calver.org): YYYY.0M.MICRO, YY.MM, YYYY-0M-0D.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::policies {

class Calver {
 public:
  static constexpr std::size_t max_length = 64;
  // Words YYYY YY 0Y MM 0M WW 0W DD 0D MAJOR MINOR MICRO; everything else stands for itself. False where `scheme` has
  // no word; `problem` says so.
  static bool parse(std::string_view scheme, Calver& out, std::string& problem);
  // The numbers of `tag` in the order of the scheme, years in full; nothing where the whole tag does not fit it, or is
  // no date: month 13.
  std::optional<std::vector<std::uint64_t>> read(std::string_view tag) const;

 private:
  struct Piece {
    std::string_view word;  // of the table; empty: literal
    std::string literal;
  };
  std::vector<Piece> pieces_;
};

}  // namespace headwind::policies
