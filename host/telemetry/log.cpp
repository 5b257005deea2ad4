// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "config/log_filter.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"
#include "telemetry/log_line.hpp"
#include "telemetry/span.hpp"

namespace headwind::telemetry {
namespace {

struct Sink {
  bool json = false;
  config::LogFilter filter;
  std::shared_ptr<spdlog::logger> logger;

  Sink() : logger(std::make_shared<spdlog::logger>("headwind", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);  // the filter above it decides
  }
};

std::atomic<config::LogLevel> lowest{config::LogLevel::info};

// Leaked on purpose: destructors of other statics and detached plugin threads may still log.
std::atomic<const Sink*>& current() {
  static std::atomic<const Sink*> sink{new Sink};
  return sink;
}

config::LogLevel as_config(Level level) { return static_cast<config::LogLevel>(level); }
static_assert(static_cast<int>(Level::trace) == static_cast<int>(config::LogLevel::trace));
static_assert(static_cast<int>(Level::error) == static_cast<int>(config::LogLevel::error));

}  // namespace

Result<> init_log(const LogOptions& options) {
  auto filter = config::parse_log_filter(options.level);
  if (!filter) return filter.error();
  auto sink = std::make_unique<Sink>();
  sink->json = options.json;
  sink->filter = std::move(*filter);
  lowest = sink->filter.lowest();
  // The former sink stays: another thread may be writing through it. init_log is called a handful of times at most.
  static std::mutex mutex;
  static auto* former = new std::vector<std::unique_ptr<const Sink>>;
  const std::lock_guard lock(mutex);
  former->emplace_back(current().exchange(sink.release()));
  return {};
}

bool log_enabled(Level level) { return as_config(level) >= lowest.load(std::memory_order_relaxed); }

void log(Level level, std::string_view room, std::string_view message, std::initializer_list<Field> fields) {
  log(level, room, message, fields.begin(), fields.size());
}

void log(Level level, std::string_view room, std::string_view message, const Field* fields, std::size_t count) {
  if (!log_enabled(level)) return;
  const Sink& sink = *current().load();
  if (as_config(level) < sink.filter.level_of(room)) return;
  const auto line = sink.json ? json_line : text_line;
  std::vector<Field> traced;
  if (const auto context = Current::context()) {
    traced.reserve(count + 2);
    traced.assign(fields, fields + count);
    traced.emplace_back("trace_id", context->trace_id);
    traced.emplace_back("span_id", context->span_id);
    fields = traced.data(), count = traced.size();
  }
  // The line is an argument, not a format: braces in it mean nothing.
  sink.logger->log(spdlog::level::info, spdlog::string_view_t("{}"),
                   line(system_clock().unix_ms(), level, room, message, {fields, count}));
}

}  // namespace headwind::telemetry
