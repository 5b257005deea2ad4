// SPDX-License-Identifier: Apache-2.0
// Logs for people and machines: a constant message and variable fields. Any thread.
#pragma once
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace headwind::telemetry {

enum class Level : std::uint8_t { trace, debug, info, warn, error };

using FieldValue = std::variant<std::string, std::int64_t, double, bool>;

struct Field {
  std::string_view key;
  FieldValue value;
  template <std::same_as<FieldValue> T>
  Field(std::string_view k, const T& v) : key(k), value(v) {}
  Field(std::string_view k, std::string_view v) : key(k), value(std::string(v)) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string(v)) {}
  Field(std::string_view k, const std::string& v) : key(k), value(v) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <class T>
    requires std::is_integral_v<T>
  Field(std::string_view k, T v) : key(k), value(static_cast<std::int64_t>(v)) {}
};

struct LogOptions {
  bool json = true;            // one JSON object a line; else text for people
  std::string level = "info";  // trace, debug, info, warn, error, or RUST_LOG's form "headwind=debug,kube=info"
};

// At the start, and again where the configuration has changed. Before it, logs go to stderr as text. A level that
// differs from the former one ends an override.
Result<> init_log(const LogOptions& options);
bool log_enabled(Level level);

// Another filter than the configured one, for a while: see api/loglevel_routes.hpp.
Result<> override_log_filter(std::string_view filter);
void end_log_override();
struct LogFilterText {
  std::string in_force, configured;
  bool overridden = false;
};
LogFilterText log_filter();
// The rooms that speak, as filters name them.
const std::vector<std::string_view>& log_rooms();

// `room` names who speaks ("update", "kube", "plugin"); `message` is constant text. Of lines at info and above that say
// the same of the same thing, five a minute are told as they come, and the rest once, with the field `repeated`
// (log_repeats.hpp).
void log(Level level, std::string_view room, std::string_view message, std::initializer_list<Field> fields = {});
void log(Level level, std::string_view room, std::string_view message, const Field* fields, std::size_t count);

// Whatever the filter says: that the filter has changed.
void log_unfiltered(Level level, std::string_view room, std::string_view message, std::initializer_list<Field> fields);

// Tells what was held back and whose minute is over; `all`: the rest, too, before the process ends. Called every
// second; every log call does it as well.
void tell_repeats(bool all = false);
// Lines held back since the process began, of that level.
std::uint64_t repeats_held_back(Level level);

inline void debug(std::string_view room, std::string_view message, std::initializer_list<Field> fields = {}) {
  log(Level::debug, room, message, fields);
}
inline void info(std::string_view room, std::string_view message, std::initializer_list<Field> fields = {}) {
  log(Level::info, room, message, fields);
}
inline void warn(std::string_view room, std::string_view message, std::initializer_list<Field> fields = {}) {
  log(Level::warn, room, message, fields);
}
inline void error(std::string_view room, std::string_view message, std::initializer_list<Field> fields = {}) {
  log(Level::error, room, message, fields);
}

}  // namespace headwind::telemetry
