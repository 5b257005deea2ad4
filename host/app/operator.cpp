// SPDX-License-Identifier: Apache-2.0
#include "app/operator.hpp"

#include <utility>

#include "app/heap.hpp"
#include "app/parts.hpp"
#include "app/reload.hpp"
#include "app/startup.hpp"
#include "app/steps.hpp"
#include "net/server.hpp"

namespace headwind::app {
namespace {

std::vector<Step> steps_over(Parts& parts) {
  const auto step = [&parts](const char* name, Task<Result<>> (*start)(Parts&), Task<> (*stop)(Parts&)) {
    return Step{name, [&parts, start] { return start(parts); }, [&parts, stop] { return stop(parts); }};
  };
  return {Step{"preflight", [&parts] { return preflight(parts); }, {}},
          step("traces", begin_traces, end_traces),
          step("metrics port", open_metrics, close_metrics),
          step("plugin files", find_plugins, leave_plugin_files),
          step("cluster", reach_cluster, leave_cluster),
          step("plugins", load_plugins, unload_plugins),
          step("engine", make_engine, tell_the_rest),
          step("watches", begin_watching, stop_watching),
          step("polling marks", remember_polls, note_polls),
          step("delivery marks", follow_deliveries, note_deliveries),
          step("inbox", read_inbox, drain_engine),
          step("API port", open_api, close_api),
          step("webhook port", open_webhooks, close_webhooks),
          step("configuration", follow_configuration, keep_configuration)};
}

}  // namespace

struct Operator::Impl {
  Impl(Executor executor, OperatorOptions options)
      : parts(std::move(executor), std::move(options)), startup(steps_over(parts)) {}

  Parts parts;
  Startup startup;
};

Operator::Operator(Executor executor, OperatorOptions options)
    : impl_(std::make_unique<Impl>(std::move(executor), std::move(options))) {
  set_up_heap();
}
Operator::~Operator() = default;

Task<Result<>> Operator::start() { return impl_->startup.start(); }
Task<> Operator::reload() {
  if (impl_->parts.reloading) co_await Reload::run(impl_->parts.reloading);
}
Task<> Operator::stop() { return impl_->startup.stop(); }

Operator::Ports Operator::ports() const {
  const auto port = [](const std::unique_ptr<net::Server>& server) {
    return server ? server->port() : std::uint16_t{0};
  };
  const Parts& parts = impl_->parts;
  return {port(parts.webhook_server), port(parts.api_server), port(parts.metrics_server)};
}
const update::Engine& Operator::engine() const { return *impl_->parts.engine; }
std::vector<plugin::PluginInfo> Operator::plugins() const {
  return impl_->parts.host ? impl_->parts.host->plugins() : std::vector<plugin::PluginInfo>{};
}

}  // namespace headwind::app
