// SPDX-License-Identifier: Apache-2.0
// /api/v1/updates: list, one, approve, reject, release.
#pragma once
#include "api/auth.hpp"
#include "api/router.hpp"
#include "update/engine.hpp"

namespace headwind::api {

void add_update_routes(Router& router, update::Engine& engine, Gate& gate);

}  // namespace headwind::api
