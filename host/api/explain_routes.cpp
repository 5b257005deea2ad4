// SPDX-License-Identifier: Apache-2.0
#include "api/explain_routes.hpp"

#include <utility>

#include "api/named_workload.hpp"
#include "api/response.hpp"
#include "update/explanation.hpp"

namespace headwind::api {
namespace {

Task<net::ServerResponse> explain(update::Engine& engine, Gate& gate, Call call) {
  const auto asked = call.query.find("format");
  const std::string format = asked == call.query.end() ? "json" : asked->second;
  if (format != "json" && format != "text") co_return problem(400, "format: write json or text.");
  NamedWorkload workload = co_await admit_to_workload(engine, gate, std::move(call));
  if (workload.refusal) co_return std::move(*workload.refusal);
  const auto explanation = co_await engine.explain(*workload.key);
  if (!explanation && explanation.error().code == Code::throttled) {
    net::ServerResponse busy = problem(503, explanation.error().message + "; ask again later.");
    set_retry_after(busy, explanation.error().retry_after, std::chrono::seconds(1));
    co_return busy;
  }
  if (!explanation) co_return workload.not_found(engine);
  if (format == "text") co_return text_response(200, update::to_text(*explanation));
  co_return json_response(200, update::to_json(*explanation));
}

}  // namespace

void add_explain_routes(Router& router, update::Engine& engine, Gate& gate) {
  router.add("GET", "/api/v1/explain/{namespace}/{kind}/{name}",
             [&engine, &gate](Call call) { return explain(engine, gate, std::move(call)); }, {"format"});
}

}  // namespace headwind::api
