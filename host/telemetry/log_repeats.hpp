// SPDX-License-Identifier: Apache-2.0
// What says the same again and again is told a few times, then once with a count. Not thread-safe: the log holds it
// under its lock.
#pragma once
#include <chrono>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "telemetry/log.hpp"

namespace headwind::telemetry {

using FieldValue = decltype(Field::value);

// A line that keeps what it says.
struct KeptLine {
  Level level = Level::info;
  std::string room, message;
  std::vector<std::pair<std::string, FieldValue>> fields;
};

class Repeats {
 public:
  struct Limits {
    std::size_t told = 5;  // lines of one key in a window that are told as they come
    std::chrono::milliseconds window{60'000};
    std::size_t keys = 512;  // remembered at once; beyond, the oldest window ends early
  };
  Repeats() = default;
  explicit Repeats(Limits limits) : limits_(limits) {}

  // Whether the line is to be told now. What is alike: room, level, message, and the fields that name what it is about
  // (`workload`, `instance`, `collection` ...); what differs each time, such as `error`, does not make it another.
  // Appends to `ended` a line for each window that is over and held some back: the newest of them, with the field
  // `repeated`, their number. Debug and trace are always told: who asked for them wants all.
  bool admit(std::int64_t mono_ms, Level level, std::string_view room, std::string_view message, const Field* fields,
             std::size_t count, std::vector<KeptLine>& ended);
  // The same of windows that end with time alone; `all`: of those, too, that are not over.
  void end_windows(std::int64_t mono_ms, bool all, std::vector<KeptLine>& ended);

 private:
  struct Window {
    std::string key;
    std::int64_t until_ms = 0;
    std::size_t seen = 0;
    KeptLine last;  // empty while nothing is held back
  };
  void end_first(std::vector<KeptLine>& ended);

  Limits limits_;
  std::list<Window> windows_;  // in the order of their ends
  std::unordered_map<std::string_view, std::list<Window>::iterator> by_key_;
};

}  // namespace headwind::telemetry
