// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "config/log_filter.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "telemetry/log_control.hpp"
#include "telemetry/log_line.hpp"
#include "telemetry/log_repeats.hpp"
#include "telemetry/span.hpp"

namespace headwind::telemetry {
namespace {

struct State {
  std::mutex mutex;  // of all below but the logger, which has its own
  bool json = false;
  std::string configured = "info";
  std::optional<std::string> override;
  config::LogFilter filter;
  Repeats repeats;
  spdlog::logger logger{"headwind", std::make_shared<spdlog::sinks::stderr_sink_mt>()};

  State() {
    logger.set_pattern("%v");
    logger.set_level(spdlog::level::trace);  // the filter above it decides
  }
};

std::atomic<config::LogLevel> lowest{config::LogLevel::info};
std::array<std::atomic<std::uint64_t>, 5> held_back{};

// Leaked on purpose: destructors of other statics and detached plugin threads may still log.
State& state() {
  static auto* const kept = new State;
  return *kept;
}

config::LogLevel as_config(Level level) { return static_cast<config::LogLevel>(level); }
static_assert(static_cast<int>(Level::trace) == static_cast<int>(config::LogLevel::trace));
static_assert(static_cast<int>(Level::error) == static_cast<int>(config::LogLevel::error));

// Under the lock.
void use(State& now, config::LogFilter filter) {
  now.filter = std::move(filter);
  lowest = now.filter.lowest();
}

void write(bool json, Level level, std::string_view room, std::string_view message, std::span<const Field> fields) {
  const auto line = json ? json_line : text_line;
  // The line is an argument, not a format: braces in it mean nothing.
  state().logger.log(spdlog::level::info, spdlog::string_view_t("{}"),
                     line(system_clock().unix_ms(), level, room, message, fields));
}

// The fields, and what the line belongs to, unless they say so.
std::vector<Field> with_trace(const Field* fields, std::size_t count) {
  std::vector<Field> all(fields, fields + count);
  const bool said = std::ranges::find(all, std::string_view("trace_id"), &Field::key) != all.end();
  if (const auto context = Current::context(); context && !said) {
    all.emplace_back("trace_id", context->trace_id);
    all.emplace_back("span_id", context->span_id);
  }
  return all;
}

void write(bool json, const std::vector<KeptLine>& lines) {
  for (const KeptLine& line : lines) {
    std::vector<Field> fields;
    for (const auto& [key, value] : line.fields) fields.emplace_back(key, false).value = value;
    write(json, line.level, line.room, line.message, fields);
  }
}

}  // namespace

Result<> init_log(const LogOptions& options) {
  auto filter = config::parse_log_filter(options.level);
  if (!filter) return filter.error();
  State& now = state();
  const std::lock_guard lock(now.mutex);
  now.json = options.json;
  if (options.level == now.configured && now.override) return {};
  now.configured = options.level;
  now.override.reset();
  use(now, std::move(*filter));
  return {};
}

Result<> override_log_filter(std::string_view filter) {
  auto parsed = config::parse_log_filter(filter);
  if (!parsed) return parsed.error();
  State& now = state();
  const std::lock_guard lock(now.mutex);
  now.override = filter;
  use(now, std::move(*parsed));
  return {};
}

void end_log_override() {
  State& now = state();
  const std::lock_guard lock(now.mutex);
  now.override.reset();
  use(now, config::parse_log_filter(now.configured).value());
}

LogFilterText log_filter() {
  State& now = state();
  const std::lock_guard lock(now.mutex);
  return {now.override.value_or(now.configured), now.configured, now.override.has_value()};
}

const std::vector<std::string_view>& log_rooms() {
  static const std::vector<std::string_view> rooms{"api", "app",    "config",    "kube",
                                                   "net", "plugin", "telemetry", "update"};
  return rooms;
}

bool log_enabled(Level level) { return as_config(level) >= lowest.load(std::memory_order_relaxed); }

void log(Level level, std::string_view room, std::string_view message, std::initializer_list<Field> fields) {
  log(level, room, message, fields.begin(), fields.size());
}

void log(Level level, std::string_view room, std::string_view message, const Field* fields, std::size_t count) {
  if (!log_enabled(level)) return;
  State& now = state();
  std::vector<KeptLine> ended;
  std::vector<Field> all;
  bool json = false;
  bool told = false;
  {
    const std::lock_guard lock(now.mutex);
    if (as_config(level) < now.filter.level_of(room)) return;
    json = now.json;
    all = with_trace(fields, count);
    told = now.repeats.admit(system_clock().mono_ms(), level, room, message, all.data(), all.size(), ended);
  }
  write(json, ended);
  if (told)
    write(json, level, room, message, all);
  else
    ++held_back.at(static_cast<std::size_t>(level));
}

void log_unfiltered(Level level, std::string_view room, std::string_view message, std::initializer_list<Field> fields) {
  State& now = state();
  now.mutex.lock();
  const bool json = now.json;
  now.mutex.unlock();
  write(json, level, room, message, with_trace(fields.begin(), fields.size()));
}

void tell_repeats(bool all) {
  State& now = state();
  std::vector<KeptLine> ended;
  bool json = false;
  {
    const std::lock_guard lock(now.mutex);
    json = now.json;
    now.repeats.end_windows(system_clock().mono_ms(), all, ended);
  }
  write(json, ended);
}

std::uint64_t repeats_held_back(Level level) { return held_back.at(static_cast<std::size_t>(level)); }

}  // namespace headwind::telemetry
