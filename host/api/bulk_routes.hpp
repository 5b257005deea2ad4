// SPDX-License-Identifier: Apache-2.0
// /api/v1/updates/approve and /reject: many at once, one after the other, each as if it had been asked alone.
#pragma once
#include "api/auth.hpp"
#include "api/router.hpp"
#include "update/engine.hpp"

namespace headwind::api {

void add_bulk_routes(Router& router, update::Engine& engine, Gate& gate);

}  // namespace headwind::api
