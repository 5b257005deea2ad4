// SPDX-License-Identifier: Apache-2.0
// Which versions are remembered as bad, and what that forbids (decisions 8).
#pragma once
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Rejected, failed, rolled back, or being rolled back.
bool is_remembered(const UpdateRequest& request);
// Whether `image` (with `digest`, where known) is a remembered version of that slot.
bool is_bad(const std::vector<UpdateRequest>& requests, const inventory::Slot& slot, std::string_view image,
            std::string_view digest);

// Writes beside the workload that a person released the version of `request`, so that what ran before is not taken for
// undone a second time. A workload that is gone needs none.
Task<Result<>> note_release(Context& context, UpdateRequest request);
// The same for those that somebody deleted with kubectl. Holds the turn.
Task<Result<>> note_forgotten(Context& context, inventory::WorkloadKey key);

// Why `candidate` must not be proposed: it is remembered as bad, or the workload's own policy does not call it newer
// than a rejected version. Empty where nothing forbids it.
Task<Result<std::string>> forbidden_by_memory(Context& context, std::vector<UpdateRequest> requests,
                                              inventory::Slot slot, PolicyQuery query, Candidate candidate);

}  // namespace headwind::update
