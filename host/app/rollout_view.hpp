// SPDX-License-Identifier: Apache-2.0
// One look at a rollout: the object and its companions, shown to the plugin of their kind.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "app/kinds.hpp"
#include "core/async.hpp"
#include "kube/client.hpp"
#include "kube/rollout_facts.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// What is to be said of the object as it was read, with these companions. `facts` are the object's own: who looks at it
// several times reads them once. What it refers to goes along: the version that is to run may stand there.
Task<Result<update::RolloutView>> read_view(WorkloadKind kind, std::string object, kube::RolloutFacts facts,
                                            std::vector<std::string> companions);

// The facts of an object of that kind; an error where the text is none.
Result<kube::RolloutFacts> facts_of_rollout(const WorkloadKind& kind, const std::string& object);

// The same with everything read anew.
Task<Result<update::RolloutView>> fresh_view(std::shared_ptr<kube::Client> client, WorkloadKind kind,
                                             inventory::Workload workload);

}  // namespace headwind::app
