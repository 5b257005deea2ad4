// SPDX-License-Identifier: Apache-2.0
#include "config/duration.hpp"

#include <array>
#include <charconv>

#include "core/text.hpp"

namespace headwind::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr std::array<Unit, 5> units{{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::int64_t ten_years = 3'650LL * 86'400'000;

Error refused(std::string_view text) {
  return make_error(Code::invalid,
                    "'" + printable(text, 64) +
                        "' is no duration: write whole numbers with units such as 300s, 5m, 1h30m or 7d (a number "
                        "alone is seconds), at most ten years");
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const std::string_view whole = text;
  text = trim(text);
  if (text.empty()) return refused(whole);
  std::int64_t total = 0;
  std::size_t next_unit = 0;  // units only get smaller
  bool bare_allowed = true;
  while (!text.empty()) {
    std::int64_t number = 0;
    if (text.front() < '0' || text.front() > '9') return refused(whole);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || number > ten_years) return refused(whole);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::size_t letters = std::min(text.find_first_of("0123456789"), text.size());
    const std::string_view name = text.substr(0, letters);
    text.remove_prefix(letters);
    std::int64_t factor = 0;
    if (name.empty() && bare_allowed && text.empty()) {
      factor = 1'000;
    } else {
      while (next_unit < units.size() && units[next_unit].name != name) ++next_unit;
      if (next_unit == units.size()) return refused(whole);
      factor = units[next_unit++].ms;
    }
    bare_allowed = false;
    if (number > (ten_years - total) / factor) return refused(whole);
    total += number * factor;
  }
  return std::chrono::milliseconds(total);
}

}  // namespace headwind::config
