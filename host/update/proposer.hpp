// SPDX-License-Identifier: Apache-2.0
// From confirmed hints to a decision about one workload: nothing, one patch, or requests that wait for a person.
#pragma once
#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Holds the workload's turn. A retryable failure keeps the hints and brings the workload back.
Task<Result<>> decide(Context& context, inventory::WorkloadKey key);

// An automatic update that was cut short between two patches is brought to its end, and told. Holds the workload's
// turn.
Task<Result<>> take_up_step(Context& context, inventory::WorkloadKey key);

// The settings with the policy's name checked against the plugins.
Settings settings_of(Context& context, const inventory::Workload& workload);

}  // namespace headwind::update
