// SPDX-License-Identifier: Apache-2.0
// /api/v1/history/{namespace}/{kind}/{name}: what ran, of any kind of workload.
#pragma once
#include "api/auth.hpp"
#include "api/router.hpp"
#include "update/engine.hpp"

namespace headwind::api {

void add_history_routes(Router& router, update::Engine& engine, Gate& gate);

}  // namespace headwind::api
