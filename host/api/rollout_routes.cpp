// SPDX-License-Identifier: Apache-2.0
#include "api/rollout_routes.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/order.hpp"
#include "api/response.hpp"
#include "core/clock.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

json json_of(const update::Engine::RolloutStand& stand) {
  json object = {{"namespace", stand.workload.name_space.str()},
                 {"kind", stand.workload.kind.str()},
                 {"name", stand.workload.name},
                 {"state", stand.position > 0    ? "waiting"
                           : stand.state.empty() ? "unknown"
                                                 : stand.state}};
  if (stand.position > 0) {
    object["position"] = stand.position;
    return object;
  }
  object["ready"] = stand.ready, object["wanted"] = stand.wanted;
  object["images"] = stand.images;
  object["since"] = format_rfc3339(stand.since_ms);
  if (!stand.reason.empty()) object["reason"] = stand.reason;
  return object;
}

Task<net::ServerResponse> list(update::Engine& engine, Gate& gate, Call call) {
  const std::string& name_space = call.asked("namespace");
  Admission admission = co_await gate.admit(call.request.headers, {"list", name_space, ""});
  if (admission.refusal) co_return std::move(*admission.refusal);
  if (!engine.ready()) co_return still_starting();
  json all = json::array();
  for (const auto& stand : engine.rollouts())
    if (name_space.empty() || stand.workload.name_space == name_space) all.push_back(json_of(stand));
  co_return json_response(200, all.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

void add_rollout_routes(Router& router, update::Engine& engine, Gate& gate) {
  router.add("GET", "/api/v1/rollouts", [&engine, &gate](Call call) { return list(engine, gate, std::move(call)); },
             {"namespace"});
}

}  // namespace headwind::api
