// SPDX-License-Identifier: Apache-2.0
// Answers "why did this not update?". Changes nothing: no request, no patch, no hint, no interval.
#pragma once
#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/explanation.hpp"

namespace headwind::update {

// Code::not_found where the workload is none of ours. Reads the lists of tags that its slots need, within the budget of
// their registries, and remembers what they said (see ExplainReads) for the next who asks; a registry that does not
// answer is a sentence of its slot. Code::throttled, with a time to wait: more is being looked up for explanations than
// may be at once. What it says holds for the moment of the answer.
Task<Result<Explanation>> explain(Context& context, inventory::WorkloadKey key);

// One slot with its candidates; `requests` are those of the workload.
Task<Result<ExplainedSlot>> explain_slot(Context& context, inventory::Workload workload, Settings settings,
                                         inventory::Slot slot, std::vector<UpdateRequest> requests);

}  // namespace headwind::update
