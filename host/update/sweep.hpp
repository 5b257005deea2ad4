// SPDX-License-Identifier: Apache-2.0
// Finds what was pushed and no webhook announced (decisions 17).
#pragma once
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Whether lists are read for a slot of a workload with these settings because it asks for polling, or by the sweep.
// Charts are looked for whether or not polling is switched on (helm.autoDiscovery).
bool is_polled(const Context& context, const Settings& settings, const inventory::Slot& slot);
bool is_swept(const Context& context, const Settings& settings, const inventory::Slot& slot);

// How long after a push its webhook may still come.
inline constexpr std::int64_t webhook_patience_ms = 300'000;

// What becomes of the lists that wait for a workload.
enum class ListUse : std::uint8_t {
  decide,  // they are decided from
  keep,    // later: a version in them is so new that its webhook may be on its way; the workload comes back
  none     // not at all: what they hold was told
};

// Tells what the workload would take from the lists that the sweep read for it, and counts each version that was
// missed once. Lists that were read by polling are decided from.
Task<Result<ListUse>> sweep(Context& context, inventory::Workload workload, Settings settings,
                            std::vector<UpdateRequest> requests);

}  // namespace headwind::update
