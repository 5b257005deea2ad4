// SPDX-License-Identifier: Apache-2.0
#include "config/log_filter.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.hpp"

namespace headwind::config {
namespace {

constexpr std::size_t max_text = 4096;
constexpr std::array<std::string_view, 6> names{"trace", "debug", "info", "warn", "error", "off"};

std::optional<LogLevel> level_named(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (equals_ignoring_case(name, names[i])) return static_cast<LogLevel>(i);
  }
  if (equals_ignoring_case(name, "warning")) return LogLevel::warn;
  return std::nullopt;
}

}  // namespace

LogLevel LogFilter::level_of(std::string_view room) const {
  const auto found = rooms.find(room);
  return found == rooms.end() ? others : found->second;
}

LogLevel LogFilter::lowest() const {
  LogLevel lowest = others;
  for (const auto& [room, level] : rooms) lowest = std::min(lowest, level);
  return lowest;
}

Result<LogFilter> parse_log_filter(std::string_view text) {
  if (text.size() > max_text) return make_error(Code::invalid, "the log level is longer than 4096 characters");
  LogFilter filter;
  for (const std::string_view part : split(text, ',')) {
    const std::string_view directive = trim(part);
    if (directive.empty()) continue;
    const auto equals = directive.rfind('=');
    const std::string_view word = equals == std::string_view::npos ? directive : trim(directive.substr(equals + 1));
    const auto level = level_named(word);
    if (!level) {
      return make_error(Code::invalid, "log level '" + printable(word, 64) +
                                           "' is unknown: use trace, debug, info, warn, error or off, alone or as "
                                           "room=level, separated by commas");
    }
    std::string_view target = equals == std::string_view::npos ? "headwind" : trim(directive.substr(0, equals));
    if (target == "headwind") {
      filter.others = *level;
      continue;
    }
    constexpr std::string_view prefix = "headwind::";
    if (target.starts_with(prefix)) target.remove_prefix(prefix.size());
    filter.rooms.insert_or_assign(std::string(target), *level);
  }
  return filter;
}

}  // namespace headwind::config
