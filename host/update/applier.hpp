// SPDX-License-Identifier: Apache-2.0
// Carries UpdateRequests from phase to phase. All of it holds the turn of the request's workload.
#pragma once
#include <string>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// Whatever is due for the requests of this workload: expiry, a change that makes one moot, an approval or a rollback
// written by somebody else, the rest of what a crash interrupted.
Task<Result<>> step_requests(Context& context, inventory::WorkloadKey target);

// Applies a request that is Approved: intent, patch, Completed; or Failed, or Superseded. Where the registry cannot be
// asked, the answer is still Approved, with a message that names what is waited for, and a timer brings it back.
Task<Result<UpdateRequest>> apply(Context& context, UpdateRequest request);

}  // namespace headwind::update
