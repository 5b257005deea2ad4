// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/patch.hpp"

namespace headwind::update {

// Sends one patch for all `moves` of `workload`, and takes what the server answered as the truth (decisions 12).
// Code::conflict: something moved; the inventory now has the fresh object, so choose again. Code::not_found: the
// workload is gone, from the inventory too. A conflict against exactly the version the patch was built from can
// never go away: it ends as Code::invalid and names the pointers (decisions 10).
Task<Result<inventory::Workload>> send_moves(Context& context, inventory::Workload workload, std::vector<Move> moves,
                                             bool touch_last_update);

// Writes the history of a step that we began and did not end (step_note.hpp). `done`: what an automatic update moved.
Task<Result<>> finish_step(Context& context, inventory::WorkloadKey key, std::vector<Move>& done);

// The workload as the server has it now, put into the inventory.
Task<Result<inventory::Workload>> read_again(Context& context, inventory::WorkloadKey key);

}  // namespace headwind::update
