// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// Finished requests that nobody needs any more: of one workload, those beyond the newest ten that completed, expired or
// were superseded, or older than thirty days. What is remembered as bad stays until a newer version made it moot: until
// the slot runs something that the workload's own policy calls an update of it.
inline constexpr std::size_t kept_finished = 10;
inline constexpr std::int64_t kept_ms = 30LL * 24 * 3600 * 1000;
std::vector<UpdateRequest> superfluous(std::vector<UpdateRequest> requests, std::int64_t now_ms);

// Deletes them. A failure is no more than a log line: the next look finds them again.
Task<> prune(Context& context, inventory::WorkloadKey target);

}  // namespace headwind::update
