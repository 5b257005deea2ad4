// SPDX-License-Identifier: Apache-2.0
// /api/v1/events: changes of UpdateRequests as server-sent events.
#pragma once
#include "api/auth.hpp"
#include "api/request_events.hpp"
#include "api/router.hpp"
#include "update/engine.hpp"

namespace headwind::api {

void add_event_routes(Router& router, update::Engine& engine, Gate& gate, const EventLimits& limits);

}  // namespace headwind::api
