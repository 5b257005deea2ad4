// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>

#include "config/config.hpp"
#include "update/engine.hpp"

namespace headwind::app {

// What the configuration says about updates. `confirm_window`: for how long a tag that was pushed just now is looked up
// again (decisions.md 14).
update::EngineOptions engine_options(const config::Config& config, std::chrono::milliseconds confirm_window);

}  // namespace headwind::app
