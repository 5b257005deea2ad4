// SPDX-License-Identifier: Apache-2.0
// Port 8081: people see what waits, say yes or no, roll back, and release what is remembered. /openapi.json, served
// here, describes every route; openapi.hpp holds it.
#pragma once
#include <memory>

#include "api/auth.hpp"
#include "api/notifications.hpp"
#include "api/plugin_list.hpp"
#include "api/request_events.hpp"
#include "api/router.hpp"
#include "net/server.hpp"
#include "update/engine.hpp"

namespace headwind::api {

// The routes. Engine, gate and deliveries must outlive it and all its calls, which run on the engine's thread.
// `deliveries` null: there are no notifiers.
std::shared_ptr<const Router> approval_routes(update::Engine& engine, Gate& gate, const EventLimits& limits = {},
                                              PluginSource plugins = {}, const Deliveries* deliveries = nullptr);

// The handler of a server on 8081.
net::Handler make_approval(update::Engine& engine, Gate& gate, const EventLimits& limits = {},
                           PluginSource plugins = {}, const Deliveries* deliveries = nullptr);
// What that server itself answers with, before or after the handler: see net::ServerOptions::refusal.
net::ServerResponse approval_refusal(unsigned status, std::string_view sentence);

}  // namespace headwind::api
