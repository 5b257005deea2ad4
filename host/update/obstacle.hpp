// SPDX-License-Identifier: Apache-2.0
// What keeps even an approved update from its workload: a suspension, another manager, or a rest after updates that
// were undone. (An interval does not: a person's approval stands above it. Nor does anything of this keep a rollback
// that a person asks for.)
#pragma once
#include <optional>
#include <string>

#include "update/context.hpp"

namespace headwind::update {

// What an update waits for, as it follows "waits ": "until headwind.sh/suspend is taken off namespace shop". Nothing
// where it may be sent. Whatever takes the obstacle away brings the workload back into the queue.
std::optional<std::string> obstacle_to(Context& context, const inventory::Workload& workload);

}  // namespace headwind::update
