// SPDX-License-Identifier: Apache-2.0
#include "core/clock.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace headwind {
namespace {

class SystemClock final : public Clock {
 public:
  std::int64_t unix_ms() const override { return count(std::chrono::system_clock::now()); }
  std::int64_t mono_ms() const override { return count(std::chrono::steady_clock::now()); }

 private:
  template <class Point>
  static std::int64_t count(Point now) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  }
};

// Reads exactly `width` digits at `at`; -1 where there are none.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  const char* end = text.data() + at + width;
  const auto [stop, failure] = std::from_chars(text.data() + at, end, value);
  return failure == std::errc{} && stop == end && value >= 0 && text[at] != '-' ? value : -1;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string format_rfc3339(std::int64_t unix_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> moment{milliseconds{unix_ms}};
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss<milliseconds> time{moment - day};
  std::array<char, 64> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

Result<std::int64_t> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto bad = [&] {
    return make_error(Code::invalid, "'" + std::string(text.substr(0, 64)) +
                                         "' is not an RFC 3339 time; write it like 2025-11-06T10:30:00Z");
  };
  const int y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
  const int h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
  if (y < 0 || mo < 0 || d < 0 || h < 0 || mi < 0 || s < 0) return bad();
  if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return bad();
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return bad();
  if (h > 23 || mi > 59 || s > 60) return bad();
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!date.ok()) return bad();

  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    int seen = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++seen)
      if (seen < 3) fraction = fraction * 10 + (text[at] - '0');
    if (seen == 0 || seen > 9) return bad();
    for (; seen < 3; ++seen) fraction *= 10;
  }
  if (at >= text.size()) return bad();
  minutes offset{0};
  if (text[at] == 'Z' || text[at] == 'z') {
    ++at;
  } else if (text[at] == '+' || text[at] == '-') {
    const int oh = digits(text, at + 1, 2), om = digits(text, at + 4, 2);
    if (oh < 0 || oh > 23 || om < 0 || om > 59 || text[at + 3] != ':') return bad();
    offset = hours{oh} + minutes{om};
    if (text[at] == '-') offset = -offset;
    at += 6;
  } else {
    return bad();
  }
  if (at != text.size()) return bad();
  const auto moment = sys_days{date} + hours{h} + minutes{mi} + seconds{s} - offset;
  return duration_cast<milliseconds>(moment.time_since_epoch()).count() + fraction;
}

}  // namespace headwind
