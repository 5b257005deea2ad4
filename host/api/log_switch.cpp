// SPDX-License-Identifier: Apache-2.0
#include "api/log_switch.hpp"

#include <algorithm>
#include <utility>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "telemetry/log_control.hpp"

namespace headwind::api {
namespace {

// The configuration lets strange targets pass, since RUST_LOG had them; a person who waits for lines is told.
Result<> check_rooms(std::string_view filter) {
  const std::vector<std::string_view>& rooms = telemetry::log_rooms();
  for (const std::string_view part : split(filter, ',')) {
    const auto equals = part.rfind('=');
    if (equals == std::string_view::npos) continue;
    std::string_view room = trim(part.substr(0, equals));
    if (room.starts_with("headwind::")) room.remove_prefix(10);
    if (room == "headwind" || std::ranges::find(rooms, room) != rooms.end()) continue;
    const std::string_view meant = nearest(room, rooms);
    std::string all;
    for (const std::string_view one : rooms) all += (all.empty() ? "" : ", ") + std::string(one);
    return make_error(Code::invalid, "'" + printable(room, 64) + "' is no room of the log" +
                                         (meant.empty() ? "" : " (did you mean '" + std::string(meant) + "'?)") +
                                         "; there are " + all);
  }
  return {};
}

void tell(const std::string& former, const std::string& by, const std::string& until) {
  telemetry::log_unfiltered(telemetry::Level::warn, "api", "the log filter was changed",
                            {{"from", former}, {"to", telemetry::log_filter().in_force}, {"by", by}, {"until", until}});
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
  if (trim(filter).empty())
    return make_error(Code::invalid, "filter must not be empty; DELETE takes the configured one back");
  if (Result<> known = check_rooms(filter); !known) return known;
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
  if (self && self->number_ == number) self->take_back("its time");
}

}  // namespace headwind::api
