// SPDX-License-Identifier: Apache-2.0
#include "policies/core/calver.hpp"

#include <algorithm>
#include <array>
#include <headwind/sdk/natural.hpp>
#include <utility>

namespace headwind::policies {
namespace {

struct Word {
  std::string_view name;
  std::size_t least_digits, most_digits;
  std::uint64_t least, most, added;
};
constexpr std::uint64_t any = 999'999'999'999'999'999;
// Longer ones before those that they begin with.
constexpr std::array<Word, 12> words{{{"YYYY", 4, 4, 1000, 9999, 0},
                                      {"YY", 1, 3, 0, 999, 2000},
                                      {"0Y", 2, 3, 0, 999, 2000},
                                      {"MM", 1, 2, 1, 12, 0},
                                      {"0M", 2, 2, 1, 12, 0},
                                      {"WW", 1, 2, 1, 53, 0},
                                      {"0W", 2, 2, 1, 53, 0},
                                      {"DD", 1, 2, 1, 31, 0},
                                      {"0D", 2, 2, 1, 31, 0},
                                      {"MAJOR", 1, 18, 0, any, 0},
                                      {"MINOR", 1, 18, 0, any, 0},
                                      {"MICRO", 1, 18, 0, any, 0}}};

const Word* word_at(std::string_view text) {
  const auto found = std::ranges::find_if(words, [&](const Word& word) { return text.starts_with(word.name); });
  return found == words.end() ? nullptr : &*found;
}

}  // namespace

bool Calver::parse(std::string_view scheme, Calver& out, std::string& problem) {
  if (scheme.size() > max_length) return problem = "it is longer than 64 characters", false;
  out.pieces_.clear();
  bool any_word = false;
  while (!scheme.empty()) {
    if (const Word* word = word_at(scheme)) {
      out.pieces_.push_back({word->name, {}});
      scheme.remove_prefix(word->name.size());
      any_word = true;
      continue;
    }
    out.pieces_.push_back({{}, std::string(1, scheme.front())});
    scheme.remove_prefix(1);
  }
  if (!any_word) problem = "it has no word such as YYYY, 0M, 0D or MICRO";
  return any_word;
}

std::optional<std::vector<std::uint64_t>> Calver::read(std::string_view tag) const {
  std::vector<std::uint64_t> numbers;
  for (const Piece& piece : pieces_) {
    if (piece.word.empty()) {
      if (!tag.starts_with(piece.literal)) return std::nullopt;
      tag.remove_prefix(piece.literal.size());
      continue;
    }
    const Word& word = *word_at(piece.word);
    const std::size_t digits = std::min(hw::digits_at(tag, 0), word.most_digits);
    if (digits < word.least_digits) return std::nullopt;
    std::uint64_t number = 0;  // at most 18 digits
    for (const char digit : tag.substr(0, digits)) number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    // 08 is 0M, not MM; so a tag fits one scheme only.
    const bool padded = digits > 1 && tag.front() == '0' && word.name.front() != '0' && word.name != "YYYY";
    if (padded || number < word.least || number > word.most) return std::nullopt;
    numbers.push_back(number + word.added);
    tag.remove_prefix(digits);
  }
  if (!tag.empty()) return std::nullopt;
  return numbers;
}

}  // namespace headwind::policies
