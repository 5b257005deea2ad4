// SPDX-License-Identifier: Apache-2.0
// What becomes of log lines, for those few who decide about it while the process runs. Any thread.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "telemetry/log.hpp"

namespace headwind::telemetry {

// Another filter than the configured one: see api/loglevel_routes.hpp. Until end_log_override, or until init_log is
// called with another level than before.
Result<> override_log_filter(std::string_view filter);
void end_log_override();
struct LogFilterText {
  std::string in_force, configured;
  bool overridden = false;
};
LogFilterText log_filter();
// The rooms that speak, as filters name them.
const std::vector<std::string_view>& log_rooms();

// Whatever the filter says, and never held back: that the filter has changed, what the audit stream could not take.
void log_unfiltered(Level level, std::string_view room, std::string_view message, std::initializer_list<Field> fields);

// Of lines at info and above that say the same of the same thing, five a minute are told as they come, and the rest
// once, with the field `repeated` (log_repeats.hpp). Tells those whose minute is over; `all`: the others, too, before
// the process ends. Called every second; every log call does it as well.
void tell_repeats(bool all = false);
// Lines held back since the process began, of that level.
std::uint64_t repeats_held_back(Level level);

}  // namespace headwind::telemetry
