// SPDX-License-Identifier: Apache-2.0
// The parts of the operator, in the order in which the steps of start-up (app/steps.hpp) construct them: a later one
// may refer to those before it, and is destroyed before them. Null until its step has run. Engine thread only.
#pragma once
#include <memory>
#include <vector>

#include "app/grace.hpp"
#include "app/kinds.hpp"
#include "app/operator.hpp"
#include "app/refusals.hpp"
#include "config/file_stamps.hpp"
#include "core/aside.hpp"
#include "inventory/inventory.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::api {
class Gate;
}
namespace headwind::kube {
class EventWriter;
class Reflector;
class Sink;
}  // namespace headwind::kube
namespace headwind::net {
class Client;
class Server;
}  // namespace headwind::net
namespace headwind::update {
class InboxStore;
}

namespace headwind::app {

class ClusterApprovalPolicy;
class ClusterEvents;
class ClusterRequests;
class ClusterReviews;
class ClusterRollouts;
class ClusterWorkloads;
class DeliveryMarks;
class KindWatch;
class PluginNotifiers;
class PluginPolicies;
class PluginRegistries;
class PollMarks;
class PullSecrets;
class RegistryPolling;
class Reload;
class TraceExport;

struct Parts {
  Parts(Executor e, OperatorOptions o);
  ~Parts();
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  Executor executor;
  OperatorOptions options;
  std::shared_ptr<Aside> aside = std::make_shared<Aside>();
  telemetry::Metrics metrics;
  telemetry::CompatMetrics compat{metrics};
  std::unique_ptr<TraceExport> traces;
  std::shared_ptr<net::Client> cluster_http, plugin_http;
  std::shared_ptr<kube::Client> client;
  std::shared_ptr<plugin::Journal> journal;
  std::unique_ptr<plugin::Host> host;
  std::shared_ptr<const bool> here = std::make_shared<bool>(true);  // held by nobody else
  std::shared_ptr<bool> searched = std::make_shared<bool>(false);   // its files were looked at
  Refusals refusals{metrics};
  Kinds kinds;
  std::vector<std::shared_ptr<KindWatch>> kind_watches;
  inventory::Inventory inventory;
  std::unique_ptr<PluginNotifiers> notifiers;
  std::shared_ptr<DeliveryMarks> marks;
  std::shared_ptr<PollMarks> poll_marks;
  bool durable = true;  // our namespace exists: state can be kept there
  std::unique_ptr<PluginPolicies> policies;
  std::unique_ptr<PullSecrets> pull_secrets;
  std::unique_ptr<PluginRegistries> registries;
  std::unique_ptr<RegistryPolling> polling;
  std::unique_ptr<ClusterWorkloads> workloads;
  std::unique_ptr<ClusterRollouts> rollouts;
  std::unique_ptr<ClusterRequests> requests;
  std::unique_ptr<ClusterApprovalPolicy> approval_policy;
  std::unique_ptr<kube::EventWriter> events;
  std::unique_ptr<ClusterEvents> recorder;
  std::unique_ptr<update::InboxStore> inbox;
  std::unique_ptr<update::Engine> engine;
  std::vector<std::unique_ptr<kube::Sink>> sinks;
  std::shared_ptr<bool> watching = std::make_shared<bool>(true);
  std::vector<std::unique_ptr<kube::Reflector>> reflectors;
  std::unique_ptr<ClusterReviews> reviews;
  std::unique_ptr<api::Gate> gate;
  config::FileStamps seen_at_start;   // of the configuration's files, just after they were read
  std::shared_ptr<Reload> reloading;  // once everything runs
  std::unique_ptr<net::Server> metrics_server, api_server, webhook_server;
};

}  // namespace headwind::app
