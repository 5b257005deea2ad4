// SPDX-License-Identifier: Apache-2.0
// One look at a rollout: the object and its companions, shown to the plugin of their kind.
#pragma once
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/kinds.hpp"
#include "core/async.hpp"
#include "kube/client.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// Stands for the version that is to run. What changes when or how it is brought is left out: replicas, a pause, labels
// and annotations of the pod template (`kubectl rollout restart` writes one).
std::string revision_of(Symbol kind, const nlohmann::json& object);

// What is to be said of the object as it was read, with these companions. What it refers to goes along: the version
// that is to run may stand there.
Task<Result<update::RolloutView>> read_view(WorkloadKind kind, std::string object, std::vector<std::string> companions);

// The same with everything read anew.
Task<Result<update::RolloutView>> fresh_view(std::shared_ptr<kube::Client> client, WorkloadKind kind,
                                             inventory::Workload workload);

}  // namespace headwind::app
