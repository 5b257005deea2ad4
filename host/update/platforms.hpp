// SPDX-License-Identifier: Apache-2.0
// Whether an image runs where the workload runs.
#pragma once
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// Whether an image that is offered for those platforms runs on `needed`: the same variant, or a lower one.
bool runs_on(const std::vector<std::string>& offered, std::string_view needed);

// Why the image of `digest` must not replace the slot's: one sentence that names the platforms it lacks, of those that
// the configuration names, else of those of the image that runs. Empty where it lacks none, or where nobody can tell
// (an artifact, a registry that has no manifests, a running image that is gone). Asks for as little as it can: once
// for each digest, and once for what the running tag names.
Task<Result<std::string>> lacks_platform(Context& context, inventory::Workload workload, inventory::Slot slot,
                                         std::string tag, std::string digest);

}  // namespace headwind::update
