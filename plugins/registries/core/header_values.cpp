// SPDX-License-Identifier: Apache-2.0
#include "registries/core/header_values.hpp"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace headwind::registries {
namespace {

constexpr std::size_t max_value = 8192;  // servers themselves refuse longer headers
constexpr std::int64_t max_wait_ms = 24LL * 60 * 60 * 1000;

bool is_token(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// A cursor over one header value; every step moves forward or fails.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text.substr(0, max_value)) {}

  bool at_end() const { return rest_.empty(); }
  void skip(std::string_view set) {
    const auto at = rest_.find_first_not_of(set);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view token() { return take_while(is_token); }
  std::string_view until(std::string_view set) {
    return take_while([&](char c) { return set.find(c) == std::string_view::npos; });
  }
  // After the opening quote; a missing end quote ends the value.
  std::string quoted() {
    std::string out;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') break;
      if (c == '\\' && !rest_.empty()) {
        out += rest_.front();
        rest_.remove_prefix(1);
      } else {
        out += c;
      }
    }
    return out;
  }
  std::string_view rest() const { return rest_; }
  void reset(std::string_view rest) { rest_ = rest; }

 private:
  template <class Predicate>
  std::string_view take_while(Predicate holds) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), holds);
    const auto out = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(out.size());
    return out;
  }
  std::string_view rest_;
};

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view value) {
  std::vector<Challenge> out;
  Reader in(value);
  for (;;) {
    in.skip(" \t,");
    const auto name = in.token();
    if (name.empty()) break;
    in.skip(" \t");
    const auto after_name = in.rest();
    if (in.take('=')) {
      in.skip(" \t");
      if (out.empty()) break;  // a parameter before any scheme
      if (in.take('"')) {
        out.back().params.try_emplace(lower(name), in.quoted());
        continue;
      }
      const auto bare = in.until(", \t");
      // "Negotiate YII=" and the like: padding of a token68, not a parameter.
      if (!bare.empty() && bare.front() != '=') out.back().params.try_emplace(lower(name), bare);
      continue;
    }
    in.reset(after_name);
    out.push_back({lower(name), {}});
  }
  return out;
}

std::optional<std::string> next_link(std::string_view value) {
  Reader in(value);
  for (;;) {
    in.skip(" \t,");
    if (!in.take('<')) return std::nullopt;
    const auto target = in.until(">");
    if (!in.take('>')) return std::nullopt;
    bool next = false;
    for (in.skip(" \t"); in.take(';'); in.skip(" \t")) {
      in.skip(" \t;");
      const auto name = lower(in.token());
      in.skip(" \t");
      if (!in.take('=')) continue;
      in.skip(" \t");
      const std::string content = lower(in.take('"') ? in.quoted() : std::string(in.until(";, \t")));
      if (name != "rel") continue;
      Reader words(content);
      for (words.skip(" \t"); !words.at_end(); words.skip(" \t")) next = words.until(" \t") == "next" || next;
    }
    if (next) return std::string(target);
    if (in.at_end()) return std::nullopt;
    in.until(",");
  }
}

namespace {

std::string_view without_spaces_before(std::string_view value) {
  Reader in(value);
  in.skip(" \t");
  return in.rest();
}

// The whole number that a value begins with, and what follows it. One that does not fit is as large as can be, or 0.
struct Number {
  std::int64_t value;
  std::string_view rest;
};
std::optional<Number> leading_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range)
    return Number{text.starts_with('-') ? 0 : std::numeric_limits<std::int64_t>::max(), {}};
  if (error != std::errc()) return std::nullopt;
  return Number{value, text.substr(static_cast<std::size_t>(end - text.data()))};
}

}  // namespace

std::optional<std::int64_t> parse_retry_after(std::string_view value, std::int64_t now_unix_ms) {
  const std::string_view text = without_spaces_before(value);
  const auto seconds = leading_number(text);
  if (seconds && (seconds->rest.empty() || seconds->rest.front() == ' ' || seconds->rest.front() == '.'))
    return std::clamp<std::int64_t>(seconds->value, 0, max_wait_ms / 1000) * 1000;
  const std::string copy(text.substr(0, 64));
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    struct tm date{};
    if (strptime(copy.c_str(), form, &date) != nullptr)
      return std::clamp<std::int64_t>(static_cast<std::int64_t>(timegm(&date)) * 1000 - now_unix_ms, 0, max_wait_ms);
  }
  return std::nullopt;
}

std::optional<std::int64_t> parse_retry_at(std::string_view value, std::int64_t now_unix_ms) {
  constexpr std::int64_t latest = 1LL << 40;
  const auto seconds = leading_number(without_spaces_before(value));
  if (!seconds) return std::nullopt;
  return std::clamp<std::int64_t>(std::clamp<std::int64_t>(seconds->value, 0, latest) * 1000 - now_unix_ms, 0,
                                  max_wait_ms);
}

}  // namespace headwind::registries
