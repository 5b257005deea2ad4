// SPDX-License-Identifier: Apache-2.0
#include "api/probes.hpp"

#include <memory>
#include <utility>

#include "api/metrics_format.hpp"
#include "api/response.hpp"
#include "api/router.hpp"

namespace headwind::api {
namespace {

net::ServerResponse report(const Checks& checks) {
  bool passed = true;
  std::string rows;
  for (const Check& check : checks()) {
    passed = passed && check.passed;
    rows += std::string(rows.empty() ? "" : ",") + "{\"name\":" + json_string(check.name) + ",\"status\":\"" +
            (check.passed ? "ok" : "failed") +
            "\",\"detail\":" + json_string(check.passed ? check.note : check.detail) + "}";
  }
  const std::string status = passed ? "ok" : "failed";
  return json_response(passed ? 200 : 503, "{\"status\":\"" + status + "\",\"checks\":[" + rows + "]}\n");
}

}  // namespace

net::Handler make_probes(const telemetry::Metrics& metrics, ProbeOptions options) {
  auto router = std::make_shared<Router>(Router::Refusals::listed);
  router->add("GET", "/metrics", [&metrics](const Call& call) {
    if (wants_openmetrics(net::find_header(call.request.headers, "Accept")))
      return answer(
          typed_response(200, "application/openmetrics-text; version=1.0.0; charset=utf-8", metrics.openmetrics()));
    return answer(typed_response(200, "text/plain; version=0.0.4", metrics.text()));
  });
  router->add("GET", "/health", [](const Call&) { return answer(text_response(200, "OK")); });
  router->add("GET", "/livez", [live = std::move(options.live)](const Call&) { return answer(report(live)); });
  router->add("GET", "/readyz", [ready = std::move(options.ready)](const Call&) { return answer(report(ready)); });
  return handler_of(std::move(router));
}

}  // namespace headwind::api
