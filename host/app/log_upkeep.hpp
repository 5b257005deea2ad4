// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "core/async.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::app {

// Once a second, for as long as `owner` lives: lines of the log that were held back are told when their minute is over,
// and the metrics of log and audit stream follow. `metrics` must live as long as `owner`.
Task<> keep_up_the_log(telemetry::Metrics& metrics, std::weak_ptr<const void> owner);

}  // namespace headwind::app
