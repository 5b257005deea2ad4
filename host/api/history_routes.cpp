// SPDX-License-Identifier: Apache-2.0
#include "api/history_routes.hpp"

#include <utility>

#include "api/history_json.hpp"
#include "api/named_workload.hpp"
#include "api/query.hpp"
#include "api/response.hpp"

namespace headwind::api {
namespace {

Task<net::ServerResponse> history(const update::Engine& engine, Gate& gate, Call call) {
  auto query = read_query(call.request.query, {"container"});
  if (!query) co_return problem(400, query.error().message);
  NamedWorkload workload = co_await admit_to_workload(engine, gate, std::move(call));
  if (workload.refusal) co_return std::move(*workload.refusal);
  const auto entries = engine.history(*workload.key, (*query)["container"]);
  if (!entries) co_return workload.not_found();
  co_return json_response(
      200, "{\"namespace\":" + json_string(workload.name_space) + ",\"kind\":" + json_string(workload.kind) +
               ",\"name\":" + json_string(workload.name) + ",\"entries\":" + history_json(*entries) + "}");
}

}  // namespace

void add_history_routes(Router& router, update::Engine& engine, Gate& gate) {
  router.add("GET", "/api/v1/history/{namespace}/{kind}/{name}",
             [&engine, &gate](Call call) { return history(engine, gate, std::move(call)); });
}

}  // namespace headwind::api
