// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "api/auth.hpp"
#include "api/plugin_list.hpp"
#include "api/router.hpp"

namespace headwind::api {

// GET /api/v1/plugins: what was loaded and refused, and the instances with their calls and errors. Needs `list` on
// updaterequests of all namespaces. The gate must outlive the router. An empty `source`: there are none.
void add_plugin_routes(Router& router, Gate& gate, PluginSource source);

}  // namespace headwind::api
