// SPDX-License-Identifier: Apache-2.0
#include "api/log_switch.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "telemetry/audit.hpp"
#include "telemetry/log_control.hpp"

namespace headwind::api {
namespace {

constexpr std::array<std::string_view, 6> levels{"trace", "debug", "info", "warn", "error", "off"};

constexpr std::size_t most_parts = 32;  // as the OpenAPI document says

std::string all_of(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

// The configuration takes more, since RUST_LOG did: strange rooms, too. A person who waits for lines is told.
Result<> check(std::string_view filter) {
  const std::vector<std::string_view>& rooms = telemetry::log_rooms();
  const std::vector<std::string_view> parts = split(filter, ',');
  if (parts.size() > most_parts)
    return make_error(Code::invalid, "filter has more than " + std::to_string(most_parts) + " parts");
  for (const std::string_view part : parts) {
    const auto equals = part.find('=');
    const std::string_view level = equals == std::string_view::npos ? part : part.substr(equals + 1);
    if (std::ranges::find(levels, level) == levels.end())
      return make_error(Code::invalid,
                        "'" + printable(level, 64) + "' is no level of the log: filter is trace, debug, " +
                            "info, warn, error or off, alone or as room=level, by commas without spaces");
    if (equals == std::string_view::npos) continue;
    const std::string_view room = part.substr(0, equals);
    if (room == "headwind" || std::ranges::find(rooms, room) != rooms.end()) continue;
    const std::string_view meant = nearest(room, rooms);
    return make_error(Code::invalid, "'" + printable(room, 64) + "' is no room of the log" +
                                         (meant.empty() ? "" : " (did you mean '" + std::string(meant) + "'?)") +
                                         "; there are " + all_of(rooms));
  }
  return {};
}

void tell(const std::string& former, const std::string& by, const std::string& until) {
  telemetry::log_unfiltered(telemetry::Level::warn, "api", "the log filter was changed",
                            {{"from", former}, {"to", telemetry::log_filter().in_force}, {"by", by}, {"until", until}});
}

// That its time was over: nobody asked for it just then.
void audit_end() {
  telemetry::AuditEntry entry;
  entry.action = "loglevel";
  entry.via = "operator";
  entry.reason = "its time is over; as configured: " + telemetry::log_filter().configured;
  telemetry::audit(entry, telemetry::AuditFlush::soon);
}

}  // namespace

LogSwitch::State LogSwitch::state() const {
  const telemetry::LogFilterText now = telemetry::log_filter();
  State state{now.in_force, now.configured, now.overridden, {}, 0};
  if (now.overridden) state.by = by_, state.until_ms = until_ms_;
  return state;
}

Result<> LogSwitch::set(const Executor& executor, std::string_view filter, std::chrono::milliseconds lasting,
                        std::string by) {
  if (Result<> good = check(filter); !good) return good;
  const std::string former = telemetry::log_filter().in_force;
  if (Result<> taken = telemetry::override_log_filter(filter); !taken) return taken;
  by_ = std::move(by);
  until_ms_ = lasting.count() > 0 ? system_clock().unix_ms() + lasting.count() : 0;
  ++number_;
  tell(former, by_, until_ms_ > 0 ? format_rfc3339(until_ms_) : "it is taken back");
  if (lasting.count() > 0) spawn(executor, "the log filter", end_later(weak_from_this(), lasting, number_));
  return {};
}

void LogSwitch::take_back(std::string_view by) {
  ++number_;
  const telemetry::LogFilterText before = telemetry::log_filter();
  if (!before.overridden) return;
  telemetry::end_log_override();
  tell(before.in_force, std::string(by), "");
}

Task<> LogSwitch::end_later(std::weak_ptr<LogSwitch> weak, std::chrono::milliseconds lasting, std::uint64_t number) {
  co_await sleep_for(lasting);
  const std::shared_ptr<LogSwitch> self = weak.lock();
  if (!self || self->number_ != number || !telemetry::log_filter().overridden) co_return;
  self->take_back("its time");
  audit_end();
}

}  // namespace headwind::api
