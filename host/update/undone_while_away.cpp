// SPDX-License-Identifier: Apache-2.0
#include "update/undone_while_away.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/text.hpp"
#include "inventory/slot_reference.hpp"
#include "update/contention.hpp"
#include "update/history.hpp"
#include "update/memory.hpp"
#include "update/rollback.hpp"

namespace headwind::update {
namespace {

bool was_released(const inventory::Workload& workload, const std::string& image) {
  const std::string* released = workload.annotation(annotation::released);
  if (released == nullptr) return false;
  const auto images = split(*released, ',');
  return std::any_of(images.begin(), images.end(), [&](std::string_view one) { return trim(one) == image; });
}

// Whether another digest stood behind `chosen` when it ran: a fix was pushed under the same tag since.
bool is_new_build(const inventory::Workload& workload, const Chosen& chosen,
                  const std::vector<UpdateRequest>& requests) {
  if (chosen.digest.empty()) return false;
  std::vector<std::string> known;
  for (const HistoryEntry& entry : entries_of(read_history(workload.history_text()), chosen.slot.container()))
    if (entry.image == chosen.new_image && !entry.digest.empty()) known.push_back(entry.digest);
  for (const UpdateRequest& request : requests)
    if (is_remembered(request) && concerns(request, chosen.slot) && request.new_image == chosen.new_image &&
        !request.digest.empty())
      known.push_back(request.digest);
  return !known.empty() && std::find(known.begin(), known.end(), chosen.digest) == known.end();
}

// Whether our last write to the slot is just that, and somebody has set another image since: `kubectl rollout undo` of
// a Deployment takes the history along, but nothing else that changes images does.
bool was_left(const inventory::Workload& workload, const Chosen& chosen) {
  const auto entries = entries_of(read_history(workload.history_text()), chosen.slot.container());
  return !entries.empty() && entries.front().image == chosen.new_image &&
         !inventory::runs(chosen.slot, chosen.new_image, chosen.digest);
}

}  // namespace

Task<Result<>> drop_undone(Context& context, inventory::Workload workload, std::vector<Chosen>& chosen) {
  if (std::none_of(chosen.begin(), chosen.end(), [](const Chosen& c) { return c.may_be_undone; })) co_return Result<>{};
  Result<std::vector<RanBefore>> before = std::vector<RanBefore>{};
  if (workload.key.kind == "Deployment") before = co_await context.ports.workloads.ran_before(workload);
  if (!before) co_return before.error();
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  std::vector<Chosen> kept;
  for (const Chosen& c : chosen) {
    const bool ran = was_left(workload, c) || std::any_of(before->begin(), before->end(), [&](const RanBefore& old) {
                       return std::find(old.images.begin(), old.images.end(),
                                        std::pair{c.slot.slot.str(), c.new_image}) != old.images.end();
                     });
    if (!ran || !c.may_be_undone || was_released(workload, c.new_image) || is_new_build(workload, c, requests)) {
      kept.push_back(c);
      continue;
    }
    RollbackRecord record{workload, c.slot, c.new_image, c.digest, c.slot.image, std::string(undone_while_away), ""};
    const Result<UpdateRequest> remembered = co_await record_rollback(context, record);
    if (!remembered) co_return remembered.error();
    context.queue->add(workload.key);
  }
  chosen = std::move(kept);
  co_return Result<>{};
}

}  // namespace headwind::update
