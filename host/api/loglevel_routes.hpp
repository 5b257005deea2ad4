// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "api/auth.hpp"
#include "api/router.hpp"

namespace headwind::api {

// /api/v1/loglevel. GET: the filter in force, for whoever may list updaterequests in all namespaces. PUT
// {"filter":"update=debug,info","duration":"15m"} and DELETE, for whoever may update loglevels.headwind.sh: more is
// then written to where logs are kept, and less of what happened. Both are audited.
void add_loglevel_routes(Router& router, Gate& gate);

}  // namespace headwind::api
