// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/decision.hpp"

namespace headwind::update {

// Versions that a workload ran before are not brought back by a list of tags or a hint from before our start: somebody
// may have undone them while we were away (decisions 11). Unless a person released them since. They are taken out of
// `chosen`, and remembered as rolled back.
Task<Result<>> drop_undone(Context& context, inventory::Workload workload, std::vector<Chosen>& chosen);

}  // namespace headwind::update
