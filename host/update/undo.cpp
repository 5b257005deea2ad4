// SPDX-License-Identifier: Apache-2.0
// `kubectl rollout undo` and hands: the image went back and the write was not ours (decisions 11).
#include <algorithm>
#include <utility>

#include "core/image_reference.hpp"
#include "telemetry/log.hpp"
#include "update/memory.hpp"
#include "update/rollback.hpp"

namespace headwind::update {
namespace {

// Whether `now` is older than `before`: it ran earlier, or the workload's own policy calls `before` its update.
Task<Result<bool>> went_back(Context& context, inventory::Workload workload, Settings settings, Context::Left left,
                             inventory::Slot now) {
  bool newest = true;
  for (const HistoryEntry& entry : entries_of(left.history, now.container())) {
    if (!newest && entry.image == now.image) co_return true;
    newest = false;
  }
  const auto from = parse_image_reference(now.image), to = parse_image_reference(left.slot.image);
  if (!from || !to || from->repository() != to->repository() || from->tag == to->tag) co_return false;
  if (settings.policy == "none" || settings.policy == "force" || settings.skipped()) co_return false;
  PolicyQuery query{settings.policy, settings.pattern, now.repository, from->tag,
                    from->digest,    now.slot,         &workload,      false};
  std::vector<Candidate> candidates{{to->tag, left.digest}};
  const Result<Choice> choice = co_await context.ports.policies.choose(query, candidates);
  if (!choice) co_return choice.error();
  co_return choice->verdict == Verdict::update;
}

Task<Result<>> remember_all(Context& context, inventory::Workload workload, std::vector<Context::Left> all) {
  const Settings settings = read_settings(workload, context.options.min_update_interval, context.clock.unix_ms());
  for (const Context::Left& left : all) {
    const inventory::Slot* now = workload.find_slot(left.slot.slot.str());
    if (now == nullptr || now->image == left.slot.image) continue;
    const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
    if (is_bad(requests, left.slot, left.slot.image, left.digest)) continue;
    const inventory::Slot slot = *now;
    const Result<bool> back = co_await went_back(context, workload, settings, left, slot);
    if (!back) {
      if (back.error().retryable) co_return back.error();
      continue;
    }
    if (!*back) continue;
    RollbackRecord record{workload, slot, left.slot.image, left.digest, slot.image, "it was undone outside Headwind",
                          ""};
    const Result<UpdateRequest> remembered = co_await record_rollback(context, record);
    if (!remembered) co_return remembered.error();
    telemetry::info("update", "an undone version is remembered",
                    {{"workload", workload.key.text()}, {"version", left.slot.image}, {"runs", slot.image}});
    record_event(context, workload, false, "UndoRemembered",
                 left.slot.image + " was undone outside Headwind and is not proposed again; release UpdateRequest " +
                     remembered->key.name + " to change that");
    const Result<UpdateRequest> ended = co_await carry_out_rollback(context, *remembered);
    if (!ended) co_return ended.error();
  }
  co_return Result<>{};
}

}  // namespace

Task<Result<>> remember_undone(Context& context, inventory::Workload workload) {
  auto node = context.left.extract(workload.key);
  if (node.empty()) co_return Result<>{};
  const Result<> done = co_await remember_all(context, workload, node.mapped());
  if (!done && done.error().retryable) {  // looked at again, with whatever was left meanwhile
    auto& now = context.left[workload.key];
    now.insert(now.begin(), node.mapped().begin(), node.mapped().end());
  }
  co_return done;
}

}  // namespace headwind::update
