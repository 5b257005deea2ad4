// SPDX-License-Identifier: Apache-2.0
// What was seen of a workload, from whichever side: the watch, an answer to a read, an answer to our own patch. All
// of it goes through here, so that nothing of what follows from a change is skipped.
#pragma once
#include "update/context.hpp"

namespace headwind::update {

// `workload` as the server has it. Older news than what is known is ignored. Remembers slots that somebody else
// changed (decisions 11), tells mistakes in annotations, lets go of hints that no longer concern it.
void observe(Context& context, inventory::Workload workload);
// What holds for it beside its own annotations has changed.
void observe_again(Context& context, const inventory::WorkloadKey& key);
// It is gone, or Headwind's no more.
void observe_gone(Context& context, const inventory::WorkloadKey& key);
// The same for one that the inventory has dropped already.
void let_go(Context& context, const inventory::WorkloadKey& key);

}  // namespace headwind::update
