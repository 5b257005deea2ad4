// SPDX-License-Identifier: Apache-2.0
#include "update/baseline.hpp"

#include <algorithm>

#include "inventory/slot_reference.hpp"
#include "update/history.hpp"
#include "update/settings.hpp"

namespace headwind::update {

std::string baseline_of(const Context& context, const inventory::Workload& workload, const inventory::Slot& slot) {
  if (const auto image = inventory::read_reference(slot, slot.image); image && !image->digest.empty())
    return image->digest;
  for (const HistoryEntry& entry : entries_of(read_history(workload.history_text()), slot.container())) {
    if (entry.image != slot.image) break;  // somebody else changed it since
    if (!entry.digest.empty()) return entry.digest;
  }
  const auto seen = context.baselines.find({workload.key, slot.slot});
  return seen != context.baselines.end() && seen->second.image == slot.image ? seen->second.digest : std::string();
}

void note_baseline(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                   const std::string& digest) {
  context.baselines.insert_or_assign({workload.key, slot.slot}, Context::Baseline{slot.image, digest});
}

bool follows_digests(const Settings& settings) {
  return settings.policy == "force" || settings.policy == "glob" || settings.policy.find('/') != std::string::npos;
}

}  // namespace headwind::update
