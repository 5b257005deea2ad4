// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "api/auth.hpp"
#include "api/router.hpp"
#include "update/engine.hpp"

namespace headwind::api {

// GET /api/v1/explain/{namespace}/{kind}/{name}: why a workload runs what it runs; needs the verb get. Engine and gate
// must outlive the router.
void add_explain_routes(Router& router, update::Engine& engine, Gate& gate);

}  // namespace headwind::api
