// SPDX-License-Identifier: Apache-2.0
// What every Prometheus client tells of its own process, under the names that all of them use.
#pragma once
#include "telemetry/metrics.hpp"

namespace headwind::telemetry {

// process_cpu_seconds_total, process_resident_memory_bytes, process_virtual_memory_bytes, process_open_fds,
// process_max_fds and process_start_time_seconds, read from /proc whenever `metrics` is read. Where /proc says nothing
// they keep what they had.
void tell_process(Metrics& metrics);

}  // namespace headwind::telemetry
