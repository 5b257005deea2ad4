// SPDX-License-Identifier: Apache-2.0
#include "api/history_routes.hpp"

#include <utility>

#include "api/history_json.hpp"
#include "api/named_workload.hpp"
#include "api/response.hpp"

namespace headwind::api {
namespace {

Task<net::ServerResponse> history(const update::Engine& engine, Gate& gate, Call call) {
  const std::string container = call.asked("container");
  NamedWorkload workload = co_await admit_to_workload(engine, gate, std::move(call));
  if (workload.refusal) co_return std::move(*workload.refusal);
  const auto entries = engine.history(*workload.key, container);
  if (!entries) co_return workload.not_found(engine);
  co_return json_response(
      200, "{\"namespace\":" + json_string(workload.name_space) + ",\"kind\":" + json_string(workload.kind) +
               ",\"name\":" + json_string(workload.name) + ",\"entries\":" + history_json(*entries) + "}");
}

}  // namespace

void add_history_routes(Router& router, update::Engine& engine, Gate& gate) {
  router.add("GET", "/api/v1/history/{namespace}/{kind}/{name}",
             [&engine, &gate](Call call) { return history(engine, gate, std::move(call)); }, {"container"});
}

}  // namespace headwind::api
