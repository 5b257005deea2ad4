// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <chrono>

#include "registries/core/push.hpp"

namespace headwind::registries {
namespace {

// `count` digits at `at`; -1 where there are none.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return -1;
  int value = 0;
  const auto part = text.substr(at, count);
  if (part.find_first_not_of("0123456789") != std::string_view::npos) return -1;
  std::from_chars(part.data(), part.data() + part.size(), value);
  return value;
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
  using namespace std::chrono;
  const int y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
  const int h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
  if (y < 0 || mo < 0 || d < 0 || h < 0 || mi < 0 || s < 0) return std::nullopt;
  const bool separated = text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == 't' || text[10] == ' ') &&
                         text[13] == ':' && text[16] == ':';
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!separated || !date.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
  auto rest = text.substr(19);
  int milliseconds = 0;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    int scale = 100;
    for (; !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; rest.remove_prefix(1), scale /= 10)
      milliseconds += (rest[0] - '0') * scale;
  }
  int offset_minutes = 0;
  if (rest.starts_with('+') || rest.starts_with('-')) {
    const int oh = digits(rest, 1, 2), om = digits(rest, 4, 2);
    if (rest.size() != 6 || rest[3] != ':' || oh < 0 || om < 0) return std::nullopt;
    offset_minutes = (oh * 60 + om) * (rest[0] == '-' ? -1 : 1);
  } else if (!rest.empty() && rest != "Z" && rest != "z") {
    return std::nullopt;
  }
  const auto whole = sys_days(date) + hours(h) + minutes(mi - offset_minutes) + seconds(s);
  return duration_cast<std::chrono::milliseconds>(whole.time_since_epoch()).count() + milliseconds;
}

}  // namespace headwind::registries
