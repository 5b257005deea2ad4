// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "api/auth.hpp"
#include "api/notifications.hpp"
#include "api/router.hpp"

namespace headwind::api {

// GET /api/v1/notifications: how each notifier stands and what it was not told. Dead letters name workloads of all
// namespaces, so `list` is needed in all of them. `deliveries` null: there are no notifiers.
void add_notification_routes(Router& router, Gate& gate, const Deliveries* deliveries);

}  // namespace headwind::api
