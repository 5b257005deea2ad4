// SPDX-License-Identifier: Apache-2.0
// Logs for people and machines: a constant message and variable fields. Any thread.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.hpp"

namespace headwind::telemetry {

enum class Level : std::uint8_t { trace, debug, info, warn, error };

struct Field {
  std::string_view key;
  std::variant<std::string, std::int64_t, double, bool> value;
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

// Once, at start. Before it, logs go to stderr as text.
Result<> init_log(const LogOptions& options);
bool log_enabled(Level level);

// `room` names who speaks ("update", "kube", "plugin"); `message` is constant text.
void log(Level level, std::string_view room, std::string_view message, std::initializer_list<Field> fields = {});
void log(Level level, std::string_view room, std::string_view message, const Field* fields, std::size_t count);

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
