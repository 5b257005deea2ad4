// SPDX-License-Identifier: Apache-2.0
#include "api/history_routes.hpp"

#include <utility>

#include "api/history_json.hpp"
#include "api/order.hpp"
#include "api/query.hpp"
#include "api/response.hpp"
#include "core/symbol.hpp"

namespace headwind::api {
namespace {

net::ServerResponse unknown(const std::string& kind, const std::string& name_space, const std::string& name) {
  return problem(404, kind + " not found, or it has no headwind.sh/policy: " + name_space + "/" + name);
}

Task<net::ServerResponse> history(const update::Engine& engine, Gate& gate, Call call) {
  auto query = read_query(call.request.query, {"container"});
  if (!query) co_return problem(400, query.error().message);
  const std::string& name_space = call.parameter("namespace");
  const std::string& kind = call.parameter("kind");
  const std::string& name = call.parameter("name");
  Admission admission = co_await gate.admit(call.request.headers, {"get", name_space, ""});
  if (admission.refusal) co_return std::move(*admission.refusal);
  if (!engine.ready()) co_return still_starting();
  // What strangers send is never interned.
  if (!Symbol::exists(kind) || !Symbol::exists(name_space)) co_return unknown(kind, name_space, name);
  const auto entries = engine.history({kind, name_space, name}, (*query)["container"]);
  if (!entries) co_return unknown(kind, name_space, name);
  co_return json_response(200, "{\"namespace\":" + json_string(name_space) + ",\"kind\":" + json_string(kind) +
                                   ",\"name\":" + json_string(name) + ",\"entries\":" + history_json(*entries) + "}");
}

}  // namespace

void add_history_routes(Router& router, update::Engine& engine, Gate& gate) {
  router.add("GET", "/api/v1/history/{namespace}/{kind}/{name}",
             [&engine, &gate](Call call) { return history(engine, gate, std::move(call)); });
}

}  // namespace headwind::api
