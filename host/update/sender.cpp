// SPDX-License-Identifier: Apache-2.0
#include "update/sender.hpp"

#include <utility>

#include "update/observation.hpp"

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

Task<Result<inventory::Workload>> send_moves(Context& context, inventory::Workload workload, std::vector<Move> moves,
                                             bool touch_last_update) {
  const std::string operations = build_patch(workload, moves, context.clock.unix_ms(), touch_last_update);
  Result<inventory::Workload> patched = co_await context.ports.workloads.patch(workload, operations);
  if (patched) {
    observe(context, *patched);
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
