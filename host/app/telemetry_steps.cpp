// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "api/probes.hpp"
#include "app/log_upkeep.hpp"
#include "app/missing_plugins.hpp"
#include "app/parts.hpp"
#include "app/reload.hpp"
#include "app/served_port.hpp"
#include "app/steps.hpp"
#include "app/trace_export.hpp"
#include "telemetry/process_metrics.hpp"

namespace headwind::app {
namespace {

// What /healthz and /readyz say.
api::ProbeOptions probes_of(Parts& parts) {
  api::ProbeOptions probes;
  probes.live = [&parts] {
    return std::vector<api::Check>{{"plugins", !parts.host || parts.host->healthy(),
                                    "more plugin calls never returned than are allowed; see the log"}};
  };
  probes.ready = [&parts] {
    return std::vector<api::Check>{
        {"engine", parts.engine && parts.engine->ready(), "waits for the first list of workloads and UpdateRequests"},
        {"cluster", true, {}, parts.client ? parts.client->trouble() : std::string()},
        {"plugins", true, {}, parts.host ? missing_plugins_note(*parts.host, parts.refusals) : std::string()},
        {"configuration", true, {}, parts.reloading ? parts.reloading->note() : std::string()}};
  };
  return probes;
}

}  // namespace

Task<Result<>> begin_traces(Parts& parts) {
  Result<std::unique_ptr<TraceExport>> begun =
      TraceExport::start(parts.options.config, parts.options.environment, parts.options.version, parts.metrics);
  if (begun) parts.traces = std::move(*begun);
  co_return begun ? Result<>() : Result<>(begun.error());
}

Task<> end_traces(Parts& parts) {
  if (parts.traces) co_await parts.traces->stop(grace);
}

Task<Result<>> open_metrics(Parts& parts) {
  parts.metrics.gauge("headwind_build_info", "The build that runs; always 1", {{"version", parts.options.version}})
      .set(1);
  spawn(parts.executor, "the log", keep_up_the_log(parts.metrics, parts.here));
  telemetry::tell_process(parts.metrics);
  parts.metrics.before_reading([&parts] {
    if (parts.engine) parts.engine->measure();
  });
  Result<std::unique_ptr<net::Server>> served =
      serve(parts.executor, parts.options.config.metrics, api::make_probes(parts.metrics, probes_of(parts)));
  if (!served) co_return served.error();
  parts.metrics_server = std::move(*served);
  co_return Result<>{};
}

Task<> close_metrics(Parts& parts) { return drain(parts.metrics_server); }

}  // namespace headwind::app
