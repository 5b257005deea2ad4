// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/settings.hpp"

namespace headwind::update {

struct Chosen {  // a slot that should move
  inventory::Slot slot;
  std::string tag, digest, new_image, trace;
  bool may_be_undone = false;  // nobody pushed it just now: somebody may have undone it before (decisions 11)
  std::int64_t pushed_ms = 0;  // when the push arrived that brought it; 0: none did
};

// What the policy makes of the hints and the tag list that wait for one slot.
struct SlotDecision {
  std::optional<Chosen> chosen;
  std::optional<UpdateRequest> proposed;  // it waits for a person already
  bool pushed = false;                    // a push named a candidate
  std::string why;                        // otherwise
  std::string rule;                       // what decided: a policy's name, or a word (docs/operations/metrics.md)
  bool judged = false;                    // the policy was asked
  std::string lacking;                    // why a better version is not taken: a platform that it does not run on
  bool undecided = false;                 // a request for the slot is under way: ask again when it has ended
};

// Whether versions can be compared with what the slot has: Flux follows a range of a chart by itself.
bool is_comparable(const inventory::Slot& slot);

// `listed`: from the list, too, not only from the hints.
Task<Result<SlotDecision>> decide_slot(Context& context, inventory::Workload workload, Settings settings,
                                       inventory::Slot slot, std::vector<UpdateRequest> requests, bool listed);

// What the policy and the memory of bad versions make of the list alone. Asks no registry.
Task<Result<std::optional<Candidate>>> best_listed(Context& context, inventory::Workload workload, Settings settings,
                                                   inventory::Slot slot, std::vector<UpdateRequest> requests);

}  // namespace headwind::update
