// SPDX-License-Identifier: Apache-2.0
#include <string_view>
#include <utility>

#include "api/approval.hpp"
#include "api/intake.hpp"
#include "app/notifiers.hpp"
#include "app/parts.hpp"
#include "app/plugin_list.hpp"
#include "app/registries.hpp"
#include "app/reviews.hpp"
#include "app/served_port.hpp"
#include "app/steps.hpp"
#include "app/webhooks.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

}  // namespace

Task<Result<>> open_api(Parts& parts) {
  const bool outside = !parts.options.access.in_cluster;
  config::AuthMode mode = parts.options.config.auth;
  if (mode == config::AuthMode::automatic)
    mode = outside && is_loopback(parts.options.config.api.address) ? config::AuthMode::none : config::AuthMode::token;
  if (mode == config::AuthMode::none) {
    telemetry::warn("api", "auth.mode is none: whoever reaches the API port may approve and roll back");
    parts.gate = std::make_unique<api::Gate>();
  } else {
    parts.reviews = std::make_unique<ClusterReviews>(parts.client);
    parts.gate = std::make_unique<api::Gate>(*parts.reviews, *parts.reviews, system_clock());
  }
  Result<std::unique_ptr<net::Server>> served =
      serve(parts.executor, parts.options.config.api,
            api::make_approval(
                *parts.engine, *parts.gate, {}, [&parts] { return plugin_list(*parts.host, parts.refusals); },
                parts.notifiers.get()),
            api::approval_refusal);
  if (!served) co_return served.error();
  parts.api_server = std::move(*served);
  co_return Result<>{};
}

Task<> close_api(Parts& parts) { return drain(parts.api_server); }

Task<Result<>> open_webhooks(Parts& parts) {
  Result<api::IntakeOptions> intake =
      intake_options(parts.options.config, webhook_instances(*parts.host, parts.refusals), parts.options.environment);
  if (!intake) co_return intake.error();
  api::IntakePorts ports{
      *parts.registries, [&parts](std::vector<update::Hint> hints) { return parts.engine->take(std::move(hints)); },
      parts.metrics,     parts.compat.webhook_events_total,
      system_clock(),    key_fetcher(parts.plugin_http)};
  Result<std::unique_ptr<net::Server>> served =
      serve(parts.executor, parts.options.config.webhooks, api::make_intake(std::move(*intake), ports));
  if (!served) co_return served.error();
  parts.webhook_server = std::move(*served);
  co_return Result<>{};
}

Task<> close_webhooks(Parts& parts) { return drain(parts.webhook_server); }

}  // namespace headwind::app
