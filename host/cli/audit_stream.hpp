// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "config/config.hpp"

namespace headwind::cli {

// The audit stream of this process, as the configuration says. telemetry::end_audit() ends it.
void begin_audit(const config::Config& config);

}  // namespace headwind::cli
