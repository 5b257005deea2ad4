// SPDX-License-Identifier: Apache-2.0
#include "policies/core/range.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace headwind::policies {
namespace {

using Numbers = std::array<std::uint64_t, 4>;
constexpr std::uint64_t largest = 999'999'999'999'999'999;

// A version, or the beginning of one: "1.4", "1.x", "*", "2.0.0-rc.1".
struct Partial {
  Numbers numbers{};
  std::size_t count = 0;  // of the numbers that were given
  std::string prerelease;
};

std::string text_of(const Numbers& numbers, const std::string& prerelease = {}) {
  std::string text;
  for (const std::uint64_t number : numbers) text += (text.empty() ? "" : ".") + std::to_string(number);
  return prerelease.empty() ? text : text + "-" + prerelease;
}

// The first version behind all that begin with the first `count` numbers.
std::string behind(Numbers numbers, std::size_t count) {
  ++numbers[count - 1];
  std::fill(numbers.begin() + static_cast<std::ptrdiff_t>(count), numbers.end(), 0);
  return text_of(numbers);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc{} && end == text.data() + text.size() && number <= largest;
}

bool read_partial(std::string_view text, Partial& out) {
  if (text.starts_with('v') || text.starts_with('V')) text.remove_prefix(1);
  text = text.substr(0, text.find('+'));
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) out.prerelease = text.substr(dash + 1);
  std::string_view rest = text.substr(0, dash);
  bool wild = false;
  for (std::size_t part = 0; part < out.numbers.size(); ++part) {
    const std::size_t dot = rest.find('.');
    const std::string_view piece = rest.substr(0, dot);
    wild = wild || piece == "*" || piece == "x" || piece == "X";
    if (!wild) {
      if (!read_number(piece, out.numbers[part])) return false;
      out.count = part + 1;
    } else if (piece != "*" && piece != "x" && piece != "X") {
      return false;  // 1.x.3
    }
    if (dot == std::string_view::npos) {
      if (out.prerelease.empty()) return dash == std::string_view::npos;
      hw::version read;  // one that cannot be read is none
      return !wild && hw::parse_version(text_of(out.numbers, out.prerelease), read) && !read.prerelease.empty();
    }
    rest.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace

class RangeReader {
 public:
  explicit RangeReader(Range& out) : out_(out) {}

  bool read(std::string_view text, std::string& problem) {
    if (text.size() > Range::max_length) return problem = "it is longer than 256 characters", false;
    for (;;) {
      const std::size_t bars = text.find("||");
      Range::All all;
      if (!read_all(trimmed(text.substr(0, bars)), all, problem)) return false;
      out_.alternatives_.push_back(std::move(all));
      if (bars == std::string_view::npos) return true;
      text.remove_prefix(bars + 2);
    }
  }

 private:
  using Op = Range::Op;

  static bool read_all(std::string_view text, Range::All& all, std::string& problem) {
    if (text.empty()) return problem = "a side of it is empty; write * for every version", false;
    if (const std::size_t hyphen = text.find(" - "); hyphen != std::string_view::npos)
      return read_one(">=", trimmed(text.substr(0, hyphen)), all, problem) &&
             read_one("<=", trimmed(text.substr(hyphen + 3)), all, problem);
    while (!text.empty()) {
      std::size_t end = text.find_first_not_of("<>=!^~");
      const std::string_view op = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view() : trimmed(text.substr(end));
      end = text.find_first_of(" ,");
      if (!read_one(op, text.substr(0, end), all, problem)) return false;
      text = end == std::string_view::npos ? std::string_view() : trimmed(text.substr(end));
      if (text.starts_with(',')) text = trimmed(text.substr(1));
    }
    return true;
  }

  static bool read_one(std::string_view op, std::string_view text, Range::All& all, std::string& problem) {
    Partial at;
    const auto refuse = [&] {
      problem = "'" + std::string(op) + std::string(text) + "' in it is not a comparison such as >=1.4, ^1.2 or 1.x";
      return false;
    };
    if (!read_partial(text, at)) return refuse();
    // A prerelease names all four numbers, as far as a limit is concerned.
    const std::size_t count = at.prerelease.empty() ? at.count : at.numbers.size();
    const bool whole = count >= 3;
    const std::string here = text_of(at.numbers, at.prerelease);
    const auto add = [&](Op what, std::string bound) { all.push_back({what, std::move(bound)}); };
    if (op == "^" || op == "~") {
      if (at.count == 0) return add(Op::greater_equal, here), true;
      std::size_t kept = 1;
      if (op == "^") {  // up to the first number that is not 0
        while (kept < at.count && at.numbers[kept - 1] == 0) ++kept;
      } else {
        kept = std::min<std::size_t>(at.count, 2);
      }
      return add(Op::greater_equal, here), add(Op::less, behind(at.numbers, kept)), true;
    }
    if (op == ">=") return add(Op::greater_equal, here), true;
    if (op == "<") return add(Op::less, here), true;
    if (op == ">") {
      if (count == 0) return refuse();
      if (whole) return add(Op::greater, here), true;
      return add(Op::greater_equal, behind(at.numbers, count)), true;
    }
    if (op == "<=") {
      if (count == 0) return true;
      if (whole) return add(Op::less_equal, here), true;
      return add(Op::less, behind(at.numbers, count)), true;
    }
    if (op == "!=") {
      if (!whole) return refuse();
      return add(Op::not_equal, here), true;
    }
    if (!op.empty() && op != "=" && op != "==") return refuse();
    if (whole) return add(Op::equal, here), true;
    add(Op::greater_equal, here);
    if (count > 0) add(Op::less, behind(at.numbers, count));
    return true;
  }

  Range& out_;
};

bool Range::parse(std::string_view text, Range& out, std::string& problem) {
  Range range;
  if (!RangeReader(range).read(trimmed(text), problem)) return false;
  out = std::move(range);
  return true;
}

bool Range::fits(const Comparator& comparator, const hw::version& version) {
  hw::version bound;
  if (!hw::parse_version(comparator.bound, bound)) return false;
  const int order = hw::compare(version, bound);
  switch (comparator.op) {
    case Op::less: return order < 0;
    case Op::less_equal: return order <= 0;
    case Op::greater: return order > 0;
    case Op::greater_equal: return order >= 0;
    case Op::equal: return order == 0;
    case Op::not_equal: return order != 0;
  }
  return false;
}

bool Range::all_fit(const All& comparators, const hw::version& version) {
  // What semver has no word for does not take part.
  hw::version plain = version;
  plain.variant = plain.variant_tail = plain.revision = {};
  if (!std::ranges::all_of(comparators, [&](const Comparator& one) { return fits(one, plain); })) return false;
  if (plain.prerelease.empty()) return true;
  hw::version release = plain;
  release.prerelease = {};
  return std::ranges::any_of(comparators, [&](const Comparator& one) {
    hw::version bound;
    if (!hw::parse_version(one.bound, bound) || bound.prerelease.empty()) return false;
    bound.prerelease = {};
    return hw::compare(bound, release) == 0;
  });
}

bool Range::holds(const hw::version& version) const {
  return std::ranges::any_of(alternatives_, [&](const All& all) { return all_fit(all, version); });
}

}  // namespace headwind::policies
