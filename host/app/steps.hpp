// SPDX-License-Identifier: Apache-2.0
// What the steps of start-up do, and what undoes each; operator.cpp has their names and their order. The parts outlive
// whatever a step begins. Engine thread only.
#pragma once
#include "app/parts.hpp"
#include "core/async.hpp"
#include "core/result.hpp"

namespace headwind::app {

// preflight_steps.cpp: what would end the start and needs no cluster, told while the API server may still be away.
Task<Result<>> preflight(Parts& parts);

// telemetry_steps.cpp: the metrics port serves the probes, too, from the first moment on.
Task<Result<>> begin_traces(Parts& parts);
Task<> end_traces(Parts& parts);
Task<Result<>> open_metrics(Parts& parts);
Task<> close_metrics(Parts& parts);

// plugin_steps.cpp: the files are looked at while the cluster answers, the instances come after it.
Task<Result<>> find_plugins(Parts& parts);
Task<> leave_plugin_files(Parts& parts);
Task<Result<>> load_plugins(Parts& parts);
Task<> unload_plugins(Parts& parts);

// cluster_steps.cpp: the way to the API server, and the watches over it.
Task<Result<>> reach_cluster(Parts& parts);
Task<> leave_cluster(Parts& parts);
Task<Result<>> begin_watching(Parts& parts);
Task<> stop_watching(Parts& parts);

// engine_steps.cpp: the engine with the adapters behind its ports; it decides nothing before its inbox was read.
Task<Result<>> make_engine(Parts& parts);
Task<> tell_the_rest(Parts& parts);
Task<Result<>> read_inbox(Parts& parts);
Task<> drain_engine(Parts& parts);

// mark_steps.cpp: how far polling and notifiers had come, kept in the cluster.
Task<Result<>> remember_polls(Parts& parts);
Task<> note_polls(Parts& parts);
Task<Result<>> follow_deliveries(Parts& parts);
Task<> note_deliveries(Parts& parts);

// intake_steps.cpp: the ports that people and registries call.
Task<Result<>> open_api(Parts& parts);
Task<> close_api(Parts& parts);
Task<Result<>> open_webhooks(Parts& parts);
Task<> close_webhooks(Parts& parts);

// configuration_steps.cpp: what changes in the configuration is taken up while everything runs.
Task<Result<>> follow_configuration(Parts& parts);
Task<> keep_configuration(Parts& parts);

}  // namespace headwind::app
