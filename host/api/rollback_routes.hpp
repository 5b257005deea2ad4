// SPDX-License-Identifier: Apache-2.0
// /api/v1/rollback: history, and back to an earlier image. Both spellings of 0.1.x: the coded one and the documented.
#pragma once
#include "api/auth.hpp"
#include "api/router.hpp"
#include "update/engine.hpp"

namespace headwind::api {

void add_rollback_routes(Router& router, update::Engine& engine, Gate& gate);

}  // namespace headwind::api
