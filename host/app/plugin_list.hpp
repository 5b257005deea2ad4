// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "api/plugin_list.hpp"
#include "app/refusals.hpp"
#include "plugin/host.hpp"

namespace headwind::app {

// What GET /api/v1/plugins shows.
api::PluginList plugin_list(const plugin::Host& host, const Refusals& refusals);

}  // namespace headwind::app
