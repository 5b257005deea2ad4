// SPDX-License-Identifier: Apache-2.0
// What is due for a request in its phase.
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "update/absence.hpp"
#include "update/applier.hpp"
#include "update/approval.hpp"
#include "update/proposal.hpp"
#include "update/request_status.hpp"
#include "update/rollback.hpp"
#include "update/second_look.hpp"
#include "update/vote.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

// A request that nobody has to approve.
Task<Result<UpdateRequest>> approve_by_itself(Context& context, UpdateRequest request) {
  const std::string now = format_rfc3339(context.clock.unix_ms());
  const json status = {
      {"phase", "Approved"}, {"approvedAt", now}, {"approvedGeneration", request.generation}, {"lastUpdated", now}};
  co_return co_await write_status(context, request, status);
}

Task<Result<>> end(Context& context, UpdateRequest request, std::pair<Phase, std::string> how) {
  const Result<UpdateRequest> ended = co_await set_phase(context, request, how.first, how.second);
  if (!ended && ended.error().code != Code::not_found) co_return ended.error();
  co_return Result<>{};
}

Task<Result<>> step_pending(Context& context, UpdateRequest request) {
  if (const auto how = end_of(context, request)) {
    const Result<> noted = co_await look_again_after_rollback(context, request);
    if (!noted) co_return noted;
    co_return co_await end(context, request, *how);
  }
  if (approvals_needed(context, request) == 0) {
    const Result<UpdateRequest> approved = co_await approve_by_itself(context, request);
    if (!approved) co_return approved.error();
    const Result<UpdateRequest> applied = co_await apply(context, *approved);
    if (!applied) co_return applied.error();
    co_return Result<>{};
  }
  const Result<std::optional<UpdateRequest>> waiting = co_await await_workload(context, request);
  if (!waiting) co_return waiting.error();
  if (!*waiting) co_return Result<>{};
  if (request.expires_at_ms) context.queue->add_at(target_of(request), *request.expires_at_ms);
  if ((*waiting)->notes.answered()) co_return co_await take_up_notes(context, **waiting);
  co_return Result<>{};
}

bool is_under_way(const UpdateRequest& request) {
  if (request.rollback) return request.phase != Phase::rolled_back && request.phase != Phase::failed;
  return request.phase == Phase::pending || request.phase == Phase::approved || request.phase == Phase::applying;
}

Task<Result<>> step(Context& context, UpdateRequest request) {
  if (request.deleting || !is_under_way(request)) co_return Result<>{};
  if (const auto refusal = refusal_of(context, request)) co_return co_await end(context, request, *refusal);
  if (request.rollback) {
    const Result<UpdateRequest> done = co_await carry_out_rollback(context, request);
    if (!done && done.error().code != Code::not_found) co_return done.error();
    co_return Result<>{};
  }
  if (request.phase == Phase::pending) co_return co_await step_pending(context, request);
  if (request.phase == Phase::approved || request.phase == Phase::applying) {
    const Result<UpdateRequest> applied = co_await apply(context, request);
    if (!applied && applied.error().code != Code::not_found) co_return applied.error();
  }
  co_return Result<>{};
}

}  // namespace

Task<Result<>> step_requests(Context& context, inventory::WorkloadKey target) {
  const std::vector<UpdateRequest> requests = context.requests.naming(target);
  Result<> outcome;
  for (const UpdateRequest& request : requests) {
    const Result<> done = co_await step(context, request);
    // One request that cannot go on does not hold up the others of the workload.
    if (!done && (outcome || done.error().retryable)) outcome = done.error();
  }
  co_return outcome;
}

}  // namespace headwind::update
