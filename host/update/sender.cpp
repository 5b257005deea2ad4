// SPDX-License-Identifier: Apache-2.0
#include "update/sender.hpp"

#include <utility>

#include "update/observation.hpp"
#include "update/settings.hpp"
#include "update/step_note.hpp"

namespace headwind::update {

Task<Result<inventory::Workload>> read_again(Context& context, inventory::WorkloadKey key) {
  Result<inventory::Workload> fresh = co_await context.ports.workloads.read(key);
  if (fresh) {
    observe(context, *fresh);
  } else if (fresh.error().code == Code::not_found) {
    observe_gone(context, key);
  }
  co_return fresh;
}

namespace {

// Told at the first update of a workload: afterwards it has a history.
void warn_of_helm(Context& context, const inventory::Workload& workload) {
  if (workload.has_history || !workload.owner.str().starts_with("Helm ")) return;
  const std::string* forced = workload.annotation(annotation::force_ownership);
  if (forced != nullptr && *forced == "true") return;
  record_event(context, workload, true, "ManagedByHelm",
               workload.owner.str() +
                   " made it, and its next upgrade sets the image back: write the new one into the "
                   "values, too");
}

// One patch of the workload itself; what the server has is in the inventory afterwards, whatever came of it.
Task<Result<inventory::Workload>> patch_workload(Context& context, inventory::Workload workload,
                                                 std::string operations) {
  Result<inventory::Workload> patched = co_await context.ports.workloads.patch(workload, std::move(operations));
  if (patched) {
    observe(context, *patched);
    co_return patched;
  }
  if (patched.error().code == Code::not_found) observe_gone(context, workload.key);
  if (patched.error().code != Code::conflict) co_return patched.error();
  context.metrics.conflicts.add();
  const Result<inventory::Workload> fresh = co_await read_again(context, workload.key);
  if (!fresh) co_return fresh.error();
  co_return patched.error();
}

// What stands in other objects goes first: a history that names a version which is not there would be worse than a
// version without a history, which the note mends. The workload as it is then; Code::conflict where something moved.
Task<Result<inventory::Workload>> send_elsewhere(Context& context, inventory::Workload workload,
                                                 std::vector<Move> moves, bool touch_last_update) {
  if (needs_step_note(moves, touch_last_update)) {
    const std::string operations = annotation_patch(workload, annotation::step, step_note(moves, touch_last_update));
    Result<inventory::Workload> noted = co_await patch_workload(context, workload, operations);
    if (!noted) co_return noted.error();
    workload = std::move(*noted);
  }
  for (const Move& move : moves) {
    if (!move.is_elsewhere()) continue;
    const std::string object = move.slot.object.str(), operations = build_object_patch(move);
    const Result<> patched = co_await context.ports.workloads.patch_object(workload, object, operations);
    if (patched) continue;
    const Code code = patched.error().code;
    if (code != Code::conflict && code != Code::not_found) co_return patched.error();
    context.metrics.conflicts.add();
    const Result<inventory::Workload> fresh = co_await read_again(context, workload.key);
    if (!fresh) co_return fresh.error();
    co_return make_error(Code::conflict,
                         workload.key.text() + ": " + object + " was changed: " + patched.error().message);
  }
  co_return workload;
}

}  // namespace

Task<Result<inventory::Workload>> send_moves(Context& context, inventory::Workload workload, std::vector<Move> moves,
                                             bool touch_last_update) {
  Result<inventory::Workload> ready = co_await send_elsewhere(context, workload, moves, touch_last_update);
  if (!ready) co_return ready.error();
  const inventory::Workload before = std::move(*ready);
  const std::string operations = build_patch(before, moves, context.clock.unix_ms(), touch_last_update);
  Result<inventory::Workload> patched = co_await patch_workload(context, before, operations);
  if (patched) {
    warn_of_helm(context, before);
    co_return patched;
  }
  if (patched.error().code != Code::conflict) co_return patched.error();
  const inventory::Workload* now = context.inventory.find(before.key);
  if (now != nullptr && now->uid == before.uid && now->resource_version == before.resource_version)
    co_return make_error(Code::invalid, before.key.text() + ": the patch of " + pointers_of(moves) +
                                            " is refused although nothing changed; the workload plugin for " +
                                            before.key.kind.str() + " names the wrong place");
  co_return patched.error();
}

Task<Result<>> finish_step(Context& context, inventory::WorkloadKey key, std::vector<Move>& done) {
  const inventory::Workload* found = context.inventory.find(key);
  if (found == nullptr || found->annotation(annotation::step) == nullptr) co_return Result<>{};
  const inventory::Workload workload = *found;
  const Step step = unfinished_step(workload);
  Result<inventory::Workload> patched = make_error(Code::internal, "");
  if (step.moves.empty())
    patched = co_await patch_workload(context, workload, step_removal(workload));
  else
    patched = co_await send_moves(context, workload, step.moves, step.touch_last_update);
  if (!patched && patched.error().code == Code::not_found) co_return Result<>{};
  if (!patched) co_return patched.error();
  if (step.touch_last_update) done = step.moves;
  co_return Result<>{};
}

}  // namespace headwind::update
