// SPDX-License-Identifier: Apache-2.0
#include "plugin/log_service.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "plugin/abi.hpp"
#include "telemetry/log.hpp"

namespace headwind::plugin {
namespace {

constexpr double kBurst = 200, kPerSecond = 20;
constexpr std::size_t kMaxFields = 32, kAbsurd = 1024;

telemetry::Level to_level(std::int32_t level) {
  if (level <= HW_LOG_DEBUG) return telemetry::Level::debug;
  if (level == HW_LOG_INFO) return telemetry::Level::info;
  return level == HW_LOG_WARN ? telemetry::Level::warn : telemetry::Level::error;
}

}  // namespace

LogService::LogService(telemetry::Metrics& metrics, std::string instance, std::string plugin, const Blot& blot)
    : instance_(std::move(instance)),
      plugin_(std::move(plugin)),
      blot_(blot),
      dropped_total_(metrics.counter("headwind_plugin_log_lines_dropped_total",
                                     "Log lines of plugins beyond their rate limit.", {{"instance", instance_}})),
      tokens_(kBurst),
      filled_ms_(system_clock().mono_ms()) {}

bool LogService::enabled(std::int32_t level) { return telemetry::log_enabled(to_level(level)); }

// Twice as much is looked at as is kept: a secret must not be cut before it is found.
std::string LogService::clean(hw_str text, std::size_t max) const {
  return printable(blot_.clean(view(text).substr(0, 2 * max)), max);
}

std::int64_t LogService::admit() {
  const std::lock_guard lock(mutex_);
  const std::int64_t now = system_clock().mono_ms();
  tokens_ = std::min(kBurst, tokens_ + static_cast<double>(now - filled_ms_) * kPerSecond / 1000);
  filled_ms_ = now;
  if (tokens_ < 1) {
    ++dropped_;
    return -1;
  }
  --tokens_;
  return std::exchange(dropped_, 0);
}

void LogService::write(std::int32_t level, hw_str message, const hw_kv* fields, std::size_t count) {
  if (!enabled(level)) return;
  const std::int64_t dropped = admit();
  if (dropped < 0) {
    dropped_total_.add();
    return;
  }
  if (dropped > 0)
    telemetry::warn("plugin", "log lines of a plugin were dropped: it writes too many",
                    {{"instance", instance_}, {"dropped", dropped}});
  std::vector<std::string> keys;
  if (fields == nullptr || count > kAbsurd) count = 0;  // so many there are not: none can be believed
  count = std::min(count, kMaxFields);
  keys.reserve(count);
  std::vector<telemetry::Field> out{{"instance", instance_}, {"plugin", plugin_}};
  for (std::size_t i = 0; i < count; ++i) {
    keys.push_back(clean(fields[i].key, HW_MAX_NAME));
    out.emplace_back(keys.back(), std::string_view(clean(fields[i].value, HW_MAX_TEXT)));
  }
  telemetry::log(to_level(level), "plugin", clean(message, HW_MAX_TEXT), out.data(), out.size());
}

}  // namespace headwind::plugin
