// SPDX-License-Identifier: Apache-2.0
#pragma once
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
};

// One JSON patch (RFC 6902) for one workload and decision. It tests the object's uid, and for each slot the name
// and the image that it replaces, and the old history: so that it applies to exactly what was looked at, or not
// at all (decisions 9). `touch_last_update` starts the minimum interval anew.
std::string build_patch(const inventory::Workload& workload, const std::vector<Move>& moves, std::int64_t now_ms,
                        bool touch_last_update);

// One annotation of this very object, and nothing else.
std::string annotation_patch(const inventory::Workload& workload, std::string_view key, const std::string& value);

// "/spec/template/spec/containers/0/image, ...": for the sentence when the tests keep failing.
std::string pointers_of(const std::vector<Move>& moves);

}  // namespace headwind::update
