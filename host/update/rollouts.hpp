// SPDX-License-Identifier: Apache-2.0
// Every rollout that an update or a rollback began is followed to its end. Which they are is derived from the history
// and the requests, so a restart finds the same.
#pragma once
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Begins to follow what is to be followed, ends what is over, and does what is due: records the verdict, and rolls back
// where that is asked for. Holds the turn; idempotent.
Task<Result<>> follow_rollout(Context& context, inventory::WorkloadKey key);

// What the port saw: Code::unsupported where nobody can tell, any other error where nothing could be seen for now.
void take_rollout_view(Context& context, const inventory::WorkloadKey& key, const Result<RolloutView>& seen);

// Whether the workload may begin a rollout now. Where not, it waits in the queue and comes back; told once.
bool may_begin_rollout(Context& context, const inventory::Workload& workload);
// A place in the queue or a yes that was not used.
void give_back_rollout(Context& context, const inventory::WorkloadKey& key);

std::vector<Engine::RolloutStand> stands_of(const RolloutBook& book);

// Workloads whose last update is so young that its rollout may still be under way.
std::vector<inventory::WorkloadKey> recently_updated(const Context& context);

}  // namespace headwind::update
