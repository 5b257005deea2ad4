// SPDX-License-Identifier: Apache-2.0
#include "update/second_look.hpp"

#include <algorithm>
#include <vector>

#include "inventory/slot_reference.hpp"
#include "update/history.hpp"
#include "update/proposal.hpp"
#include "update/rollback.hpp"

namespace headwind::update {
namespace {

// The slot left what `request` would have replaced, and the last that was written to it is a rollback of ours.
bool went_back(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
               const UpdateRequest& request) {
  if (is_same_version(slot.image, request.current_image) || is_same_version(slot.image, request.new_image))
    return false;
  const auto ran = entries_of(read_history(workload.history_text()), slot.container());
  if (ran.empty() || ran.front().request_uid.empty()) return false;
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  return std::any_of(requests.begin(), requests.end(), [&](const UpdateRequest& one) {
    return one.rollback && one.uid == ran.front().request_uid && runs_rollback(slot, one);
  });
}

}  // namespace

Task<Result<>> look_again_after_rollback(Context& context, UpdateRequest request) {
  const inventory::Workload* found = context.inventory.find(target_of(request));
  if (found == nullptr || request.identity.empty() || request.rollback || request.target_uid != found->uid)
    co_return Result<>{};
  const inventory::WorkloadKey key = found->key;
  const inventory::Slot* slot = concerned_slot(*found, request);
  if (slot == nullptr || !went_back(context, *found, *slot, request)) co_return Result<>{};
  const auto image = inventory::read_reference(*slot, request.new_image);
  if (!image || image->tag.empty() || slot->repository != image->repository()) co_return Result<>{};

  const Hint hint{slot->repository.str(), image->tag,    request.digest,
                  Origin::webhook,        request.trace, context.clock.unix_ms()};
  HintBook::Entry* entry = context.hints.find(hint.key());
  // Else it was announced once more, and what the registry says now counts.
  if (entry == nullptr || !entry->in_inbox) {
    if (context.hints.bytes() + stored_size(hint) > context.options.inbox_bytes)
      co_return Error{Code::throttled, "the inbox is full; " + hint.key() + " is looked at again later", true,
                      std::chrono::milliseconds(5000)};
    if (entry == nullptr)
      context.hints.take(hint, false);
    else
      context.hints.take_in(hint.key());  // others look at it again; that does not outlive us, this does
    context.inbox.put(context.hints.find(hint.key())->hint);
    context.metrics.inbox.set(static_cast<double>(context.hints.size()));
    entry = context.hints.find(hint.key());
  }
  entry->waiting.try_emplace(key, request.digest);
  context.queue->add(key);
  co_return co_await context.inbox.written(std::chrono::milliseconds(2000));
}

}  // namespace headwind::update
