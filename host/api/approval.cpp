// SPDX-License-Identifier: Apache-2.0
#include "api/approval.hpp"

#include <utility>

#include "api/bulk_routes.hpp"
#include "api/event_routes.hpp"
#include "api/explain_routes.hpp"
#include "api/history_routes.hpp"
#include "api/loglevel_routes.hpp"
#include "api/notification_routes.hpp"
#include "api/openapi.hpp"
#include "api/plugin_routes.hpp"
#include "api/response.hpp"
#include "api/rollback_routes.hpp"
#include "api/rollout_routes.hpp"
#include "api/server_span.hpp"
#include "api/update_routes.hpp"

namespace headwind::api {

std::shared_ptr<const Router> approval_routes(update::Engine& engine, Gate& gate, const EventLimits& limits,
                                              PluginSource plugins, const Deliveries* deliveries) {
  auto router = std::make_shared<Router>(Router::Refusals::problems);
  router->add_with_any_query("GET", "/health", [](const Call&) { return answer(text_response(200, "OK")); });
  router->add("GET", "/openapi.json",
              [](const Call&) { return answer(json_response(200, std::string(openapi_document()))); });
  add_update_routes(*router, engine, gate);
  add_bulk_routes(*router, engine, gate);
  add_rollback_routes(*router, engine, gate);
  add_rollout_routes(*router, engine, gate);
  add_history_routes(*router, engine, gate);
  add_explain_routes(*router, engine, gate);
  add_notification_routes(*router, gate, deliveries);
  add_event_routes(*router, engine, gate, limits);
  add_plugin_routes(*router, gate, std::move(plugins));
  add_loglevel_routes(*router, gate);
  return router;
}

net::Handler make_approval(update::Engine& engine, Gate& gate, const EventLimits& limits, PluginSource plugins,
                           const Deliveries* deliveries) {
  return traced_handler_of(approval_routes(engine, gate, limits, std::move(plugins), deliveries));
}

net::ServerResponse approval_refusal(unsigned status, std::string_view sentence) { return problem(status, sentence); }

}  // namespace headwind::api
