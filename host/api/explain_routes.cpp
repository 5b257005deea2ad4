// SPDX-License-Identifier: Apache-2.0
#include "api/explain_routes.hpp"

#include <utility>

#include "api/order.hpp"
#include "api/query.hpp"
#include "api/response.hpp"
#include "core/symbol.hpp"
#include "update/explanation.hpp"

namespace headwind::api {
namespace {

net::ServerResponse unknown(const std::string& kind, const std::string& name_space, const std::string& name) {
  return problem(404, kind + " not found, or it has no headwind.sh/policy: " + name_space + "/" + name);
}

Task<net::ServerResponse> explain(update::Engine& engine, Gate& gate, Call call) {
  auto query = read_query(call.request.query, {"format"});
  if (!query) co_return problem(400, query.error().message);
  const auto asked = query->find("format");
  const std::string format = asked == query->end() ? "json" : asked->second;
  if (format != "json" && format != "text") co_return problem(400, "format: write json or text.");
  const std::string& name_space = call.parameter("namespace");
  const std::string& kind = call.parameter("kind");
  const std::string& name = call.parameter("name");
  Admission admission = co_await gate.admit(call.request.headers, {"get", name_space, ""});
  if (admission.refusal) co_return std::move(*admission.refusal);
  if (!engine.ready()) co_return still_starting();
  // What strangers send is never interned.
  if (!Symbol::exists(kind) || !Symbol::exists(name_space)) co_return unknown(kind, name_space, name);
  const auto explanation = co_await engine.explain({kind, name_space, name});
  if (!explanation) co_return unknown(kind, name_space, name);
  if (format == "text") co_return text_response(200, update::to_text(*explanation));
  co_return json_response(200, update::to_json(*explanation));
}

}  // namespace

void add_explain_routes(Router& router, update::Engine& engine, Gate& gate) {
  router.add("GET", "/api/v1/explain/{namespace}/{kind}/{name}",
             [&engine, &gate](Call call) { return explain(engine, gate, std::move(call)); });
}

}  // namespace headwind::api
