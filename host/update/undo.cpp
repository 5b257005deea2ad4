// SPDX-License-Identifier: Apache-2.0
// `kubectl rollout undo` and hands: the image went back and the write was not ours (decisions 11).
#include <algorithm>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/contention.hpp"
#include "update/history.hpp"
#include "update/memory.hpp"
#include "update/rollback.hpp"

namespace headwind::update {
namespace {

// Which of two tags of a slot is newer, by the policy `all`, which compares any two versions, or else the workload's
// own: positive where `right` is an update of `left`, negative the other way round, 0 where they do not compare.
Task<Result<int>> compare(Context& context, inventory::Workload workload, Settings settings, inventory::Slot slot,
                          std::string left, std::string right) {
  const std::string policy = context.ports.policies.knows("all") ? "all" : settings.policy;
  for (const int sign : {1, -1}) {
    PolicyQuery query{policy, {}, slot.repository, sign > 0 ? left : right, {}, slot.slot, &workload, false};
    std::vector<Candidate> candidates{{sign > 0 ? right : left, {}}};
    const Result<Choice> choice = co_await context.ports.policies.choose(query, candidates);
    if (!choice) co_return choice.error();
    if (choice->verdict == Verdict::update) co_return sign;
  }
  co_return 0;
}

// Whether `now` is older than what was left for it: by its version, else because it ran earlier.
Task<Result<bool>> went_back(Context& context, inventory::Workload workload, Settings settings, Context::Left left,
                             inventory::Slot now) {
  if (settings.policy == "none" || settings.skipped()) co_return false;
  const auto from = inventory::read_reference(now, now.image),
             to = inventory::read_reference(left.slot, left.slot.image);
  if (!from || !to || from->repository() != to->repository()) co_return false;
  if (from->tag != to->tag) {
    const Result<int> order = co_await compare(context, workload, settings, now, from->tag, to->tag);
    if (!order) co_return order.error();
    if (*order != 0) co_return *order > 0;
  }
  const auto ran = entries_of(left.history, now.container());
  co_return std::any_of(ran.begin() + (ran.empty() ? 0 : 1), ran.end(),
                        [&](const HistoryEntry& entry) { return entry.image == now.image; });
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
    RollbackRecord record{workload, slot, left.slot.image, left.digest, slot.image, std::string(undone_outside), ""};
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
