// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/workload.hpp"
#include "update/history.hpp"

namespace headwind::update {

struct Move {  // one slot that moves
  inventory::Slot slot;
  std::string new_image;  // in the user's spelling
  std::string tag, digest;
  HistoryEntry entry;
  std::string replaced = {};   // what ran before; empty: the slot's image
  std::int64_t pushed_ms = 0;  // when the push arrived that it follows at once; 0: it is none's, or not known any more

  // Whether its value still has to be written into another object.
  bool is_elsewhere() const { return !slot.object.empty() && slot.image != new_image; }
};

// One JSON patch (RFC 6902) for one workload and decision. It tests the object's uid, and for each slot the name
// and the image that it replaces, and the old history: so that it applies to exactly what was looked at, or not
// at all (decisions 9). `touch_last_update` starts the minimum interval anew. A note of the step
// (step_note.hpp) goes away with it.
std::string build_patch(const inventory::Workload& workload, const std::vector<Move>& moves, std::int64_t now_ms,
                        bool touch_last_update);

// The part of such a decision that is written into another object (inventory::Slot::object): it tests the guard and the
// version that is replaced. The workload's own patch, with the history, comes after it.
std::string build_object_patch(const Move& move);

// Where the annotation stands, as RFC 6901 writes it: "/metadata/annotations/headwind.sh~1suspend".
std::string annotation_pointer(std::string_view key);
// One annotation of this very object, and nothing else.
std::string annotation_patch(const inventory::Workload& workload, std::string_view key, const std::string& value);

// "/spec/template/spec/containers/0/image, ...": for the sentence when the tests keep failing.
std::string pointers_of(const std::vector<Move>& moves);

}  // namespace headwind::update
