// SPDX-License-Identifier: Apache-2.0
#include "update/sender.hpp"

#include <utility>

#include "update/observation.hpp"
#include "update/settings.hpp"

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

// What stands in other objects goes first: a history that names a version which is not there would be worse than a
// version without a history. Code::conflict where something moved.
Task<Result<>> send_elsewhere(Context& context, inventory::Workload workload, std::vector<Move> moves) {
  for (const Move& move : moves) {
    if (!move.is_elsewhere()) continue;
    const std::string object = move.slot.object.str(), operations = build_object_patch(move);
    Result<> patched = co_await context.ports.workloads.patch_object(workload, object, operations);
    if (patched) continue;
    const Code code = patched.error().code;
    if (code == Code::conflict || code == Code::not_found)
      co_return make_error(Code::conflict,
                           workload.key.text() + ": " + object + " was changed: " + patched.error().message);
    co_return patched;
  }
  co_return Result<>{};
}

}  // namespace

Task<Result<inventory::Workload>> send_moves(Context& context, inventory::Workload workload, std::vector<Move> moves,
                                             bool touch_last_update) {
  const Result<> elsewhere = co_await send_elsewhere(context, workload, moves);
  if (!elsewhere && elsewhere.error().code == Code::conflict) {
    context.metrics.conflicts.add();
    const Result<inventory::Workload> fresh = co_await read_again(context, workload.key);
    if (!fresh) co_return fresh.error();
  }
  if (!elsewhere) co_return elsewhere.error();
  const std::string operations = build_patch(workload, moves, context.clock.unix_ms(), touch_last_update);
  Result<inventory::Workload> patched = co_await context.ports.workloads.patch(workload, operations);
  if (patched) {
    observe(context, *patched);
    warn_of_helm(context, workload);
    co_return patched;
  }
  if (patched.error().code == Code::not_found) observe_gone(context, workload.key);
  if (patched.error().code != Code::conflict) co_return patched.error();

  context.metrics.conflicts.add();
  const Result<inventory::Workload> fresh = co_await read_again(context, workload.key);
  if (!fresh) co_return fresh.error();
  if (fresh->uid == workload.uid && fresh->resource_version == workload.resource_version)
    co_return make_error(Code::invalid, workload.key.text() + ": the patch of " + pointers_of(moves) +
                                            " is refused although nothing changed; the workload plugin for " +
                                            workload.key.kind.str() + " names the wrong place");
  co_return patched.error();
}

}  // namespace headwind::update
