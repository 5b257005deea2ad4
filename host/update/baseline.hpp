// SPDX-License-Identifier: Apache-2.0
// What a slot's tag named when it was last known to be what runs: against it a tag that moved is recognised
// (decisions 13).
#pragma once
#include <string>

#include "update/context.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// The digest that the image is pinned to; else the one that our own patch brought, as the history says; else what the
// registry said at first sight in the life of this process. Empty where none is known.
std::string baseline_of(const Context& context, const inventory::Workload& workload, const inventory::Slot& slot);

// First sight. Kept in memory until the slot's image changes; written to the cluster only with our next patch.
void note_baseline(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                   const std::string& digest);

// Whether a policy may follow a tag that moves, so that asking for its digest is of use.
bool follows_digests(const Settings& settings);

}  // namespace headwind::update
