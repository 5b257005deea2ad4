// SPDX-License-Identifier: Apache-2.0
// A version that stands in another object (inventory::Slot::object) takes two patches: that object's, then the
// workload's with the history. Before the first, the workload's annotation headwind.sh/update-step says what is about
// to be done; the second removes it. Where it is still there at the next look, we ended in between.
#pragma once
#include <string>
#include <vector>

#include "update/patch.hpp"

namespace headwind::update {

// Whether the note is needed: not for an approved request, which is in phase Applying and remembers by itself.
bool needs_step_note(const std::vector<Move>& moves, bool touch_last_update);
std::string step_note(const std::vector<Move>& moves, bool touch_last_update);

struct Step {
  std::vector<Move> moves;  // their versions have arrived, and the history does not know it; or none
  bool touch_last_update = false;
};
// Of the workload's annotation. Whatever it holds, it never names a version that the workload does not run.
Step unfinished_step(const inventory::Workload& workload);

// Takes the note away, and nothing else.
std::string step_removal(const inventory::Workload& workload);

}  // namespace headwind::update
