// SPDX-License-Identifier: Apache-2.0
// One parser per thread: ten thousand objects are read at start, each parsed once and dropped.
#pragma once
#include <simdjson.h>

#include <charconv>
#include <string>
#include <string_view>

namespace headwind::workloads {

inline constexpr std::size_t max_object = 8 * 1024 * 1024;        // etcd itself refuses much less
using Value = simdjson::simdjson_result<simdjson::dom::element>;  // or the error on the way to it

// Valid until the next call on this thread. False, with one sentence, where the text is not an object.
inline bool parse_object(std::string_view text, Value& out, std::string& error) {
  static thread_local simdjson::dom::parser parser;
  error.clear();
  if (text.size() > max_object) {
    error = "the object is longer than 8 MiB";
    return false;
  }
  out = parser.parse(text.data(), text.size(), true);
  if (out.error())
    error = std::string("the object is not JSON: ") + simdjson::error_message(out.error());
  else if (!out.is_object())
    error = "the object is JSON, but not a JSON object";
  return error.empty();
}

inline std::string_view text_of(Value value) {
  std::string_view out;
  return value.get(out) ? std::string_view() : out;
}

inline std::int64_t number_of(Value value, std::int64_t otherwise) {
  std::int64_t out = 0;
  return value.get(out) ? otherwise : out;
}

inline bool bool_of(Value value, bool otherwise) {
  bool out = false;
  return value.get(out) ? otherwise : out;
}

// The items of an array, or none; at most `most`.
template <class Visit>
void each(Value value, std::size_t most, Visit&& visit) {
  simdjson::dom::array items;
  if (value.get(items)) return;
  for (const Value item : items) {
    if (most-- == 0) return;
    visit(item);
  }
}

// Labels and annotations are texts, also where they hold a number. -1: it is none.
inline std::int64_t count_in(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size() && out >= 0 ? out : -1;
}

// A text that is kept: names, uids and label values are far shorter than this.
inline std::string kept(Value value) { return std::string(text_of(value).substr(0, 256)); }

}  // namespace headwind::workloads
