// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// How many finished requests of one workload are kept, and for how long (EngineOptions).
struct Keeping {
  std::size_t count = 10;
  std::int64_t for_ms = 30LL * 24 * 3600 * 1000;
};

// Finished requests that nobody needs any more: of one workload, those beyond the newest that completed, expired or
// were superseded, or too old. What is remembered as bad stays until a newer version made it moot: until the slot runs
// something that the workload's own policy calls an update of it.
std::vector<UpdateRequest> superfluous(std::vector<UpdateRequest> requests, std::int64_t now_ms, Keeping keeping = {});

// Deletes them, and comes back when the next of them is too old. A failure is no more than a log line: the next look
// finds them again.
Task<> prune(Context& context, inventory::WorkloadKey target);

}  // namespace headwind::update
