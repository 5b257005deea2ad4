// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "api/auth.hpp"
#include "api/router.hpp"
#include "update/engine.hpp"

namespace headwind::api {

// GET /api/v1/rollouts: rollouts under way, and those that wait for their turn with their position. `namespace` limits
// it to one. Needs `list` on updaterequests. Engine and gate must outlive the router.
void add_rollout_routes(Router& router, update::Engine& engine, Gate& gate);

}  // namespace headwind::api
