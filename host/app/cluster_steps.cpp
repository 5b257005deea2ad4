// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "app/cluster.hpp"
#include "app/heap.hpp"
#include "app/kind_watch.hpp"
#include "app/parts.hpp"
#include "app/rollouts.hpp"
#include "app/sinks.hpp"
#include "app/steps.hpp"
#include "app/stored_config.hpp"
#include "kube/paths.hpp"
#include "kube/reflector.hpp"
#include "net/client.hpp"
#include "telemetry/log.hpp"

namespace headwind::app {
namespace {

Task<> settle_when_ready(Parts& parts, std::shared_ptr<const bool> still) {
  while (*still && !parts.engine->ready()) co_await sleep_for(std::chrono::milliseconds(100));
  settle_heap();
}

}  // namespace

Task<Result<>> reach_cluster(Parts& parts) {
  // Directly: it is near, and a proxy for the world outside must not hold it up.
  net::ClientOptions http;
  http.user_agent = parts.options.version;
  parts.cluster_http = std::make_shared<net::Client>(parts.executor, http);
  parts.client = std::make_shared<kube::Client>(parts.options.access, parts.cluster_http, parts.metrics);
  const Result<> merged = co_await apply_stored_config(parts.client, parts.options.config, parts.options.environment);
  if (!merged) co_return merged.error();
  for (const std::string& warning : parts.options.config.warnings)
    telemetry::warn("config", "setting without effect", {{"warning", warning}});
  spawn(parts.executor, "the look at our rights", tell_what_is_missing(parts.client, parts.options.config));
  co_return Result<>{};
}

Task<> leave_cluster(Parts& parts) {
  parts.cluster_http->shut_down();
  co_return;
}

Task<Result<>> begin_watching(Parts& parts) {
  for (std::size_t i = 0; i < parts.kinds->size(); ++i) {
    parts.kind_watches.push_back(
        std::make_shared<KindWatch>(parts.client, parts.kinds, i, *parts.engine, *parts.rollouts));
    spawn(parts.executor, "watch", KindWatch::run(parts.kind_watches.back()));
  }
  parts.sinks.push_back(std::make_unique<NamespaceSink>(*parts.engine));
  parts.reflectors.push_back(std::make_unique<kube::Reflector>(parts.client,
                                                               path_of_namespaces(parts.options.config.watch_namespace),
                                                               *parts.sinks.back(), kube::ReflectorOptions{}));
  parts.sinks.push_back(std::make_unique<RequestSink>(*parts.engine, parts.aside));
  kube::ReflectorOptions beside;
  beside.aside = parts.aside;
  beside.drop_managed_fields = true;
  parts.reflectors.push_back(std::make_unique<kube::Reflector>(
      parts.client, kube::collection_path(kube::kUpdateRequests, parts.options.config.watch_namespace),
      *parts.sinks.back(), beside));
  for (const auto& reflector : parts.reflectors) spawn(parts.executor, "watch", reflector->run());
  spawn(parts.executor, "the heap", settle_when_ready(parts, parts.watching));
  co_return Result<>{};
}

Task<> stop_watching(Parts& parts) {
  *parts.watching = false;
  for (const auto& watch : parts.kind_watches) watch->stop();
  for (const auto& reflector : parts.reflectors) reflector->stop();
  parts.rollouts->stop();
  parts.aside->join();
  co_return;
}

}  // namespace headwind::app
