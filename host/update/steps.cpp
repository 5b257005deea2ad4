// SPDX-License-Identifier: Apache-2.0
// What is due for a request in its phase, and what a person may say to it.
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/image_reference.hpp"
#include "telemetry/log.hpp"
#include "update/applier.hpp"
#include "update/proposal.hpp"
#include "update/rollback.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

bool is_over(const UpdateRequest& request, std::int64_t now_ms) {
  return request.require_approval && request.expires_at_ms && *request.expires_at_ms <= now_ms;
}

// Whether the workload left the image that the request wanted to replace.
bool is_moot(Context& context, const UpdateRequest& request) {
  const inventory::Workload* workload = context.inventory.find(target_of(request));
  if (workload == nullptr || request.identity.empty()) return false;
  for (const inventory::Slot& slot : workload->slots)
    if (concerns(request, slot)) return slot.image != request.current_image;
  return false;
}

Task<Result<UpdateRequest>> record_approval(Context& context, UpdateRequest request, std::string who) {
  json status = {{"phase", "Approved"},
                 {"approvedAt", format_rfc3339(context.clock.unix_ms())},
                 {"approvedGeneration", request.generation},
                 {"lastUpdated", format_rfc3339(context.clock.unix_ms())}};
  if (!who.empty()) status["approvedBy"] = who;
  const std::string merge = json({{"status", status}}).dump(-1, ' ', false, json::error_handler_t::replace);
  Result<UpdateRequest> stored =
      co_await context.ports.requests.patch_status(request.key, merge, request.resource_version);
  if (stored) store(context, *stored);
  co_return stored;
}

Task<Result<>> step_pending(Context& context, UpdateRequest request) {
  const std::int64_t now = context.clock.unix_ms();
  if (is_over(request, now)) {
    const Result<UpdateRequest> expired =
        co_await set_phase(context, request, Phase::expired, "Nobody answered in time");
    if (!expired && expired.error().code != Code::not_found) co_return expired.error();
    co_return Result<>{};
  }
  if (is_moot(context, request)) {
    const Result<UpdateRequest> moot =
        co_await set_phase(context, request, Phase::superseded, "The workload no longer runs " + request.current_image);
    if (!moot && moot.error().code != Code::not_found) co_return moot.error();
    co_return Result<>{};
  }
  if (request.require_approval) {
    if (request.expires_at_ms) context.queue->add_at(target_of(request), *request.expires_at_ms);
    co_return Result<>{};
  }
  const Result<UpdateRequest> approved = co_await record_approval(context, request, {});
  if (!approved) co_return approved.error();
  const Result<UpdateRequest> applied = co_await apply(context, *approved);
  if (!applied) co_return applied.error();
  co_return Result<>{};
}

// What nobody may ask for, or what can no longer be meant; then nothing else is done with the request.
std::optional<std::pair<Phase, std::string>> refusal_of(const Context& context, const UpdateRequest& request) {
  if (request.target_namespace != request.key.name_space)
    return std::pair{Phase::failed, "Update failed: spec.targetRef.namespace must be the request's own namespace, " +
                                        request.key.name_space};
  const inventory::Workload* workload = context.inventory.find(target_of(request));
  if (workload != nullptr && !request.target_uid.empty() && request.target_uid != workload->uid)
    return std::pair{Phase::superseded, target_of(request).text() + " was deleted and made anew"};
  return std::nullopt;
}

bool is_under_way(const UpdateRequest& request) {
  if (request.rollback) return request.phase != Phase::rolled_back && request.phase != Phase::failed;
  return request.phase == Phase::pending || request.phase == Phase::approved || request.phase == Phase::applying;
}

Task<Result<>> step(Context& context, UpdateRequest request) {
  if (request.deleting || !is_under_way(request)) co_return Result<>{};
  if (const auto refusal = refusal_of(context, request)) {
    const Result<UpdateRequest> ended = co_await set_phase(context, request, refusal->first, refusal->second);
    if (!ended && ended.error().code != Code::not_found) co_return ended.error();
    co_return Result<>{};
  }
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

Error wrong_phase(const UpdateRequest& request, std::string_view verb) {
  return make_error(Code::conflict, "UpdateRequest is in " + std::string(to_string(request.phase)) + " state, cannot " +
                                        std::string(verb));
}

Result<UpdateRequest> pending_request(Context& context, const RequestKey& key, std::string_view verb) {
  const UpdateRequest* request = context.requests.find(key);
  if (request == nullptr) return make_error(Code::not_found, "UpdateRequest not found: " + key.text());
  if (request->phase != Phase::pending || request->rollback) return wrong_phase(*request, verb);
  return *request;
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

Task<Result<UpdateRequest>> approve(Context& context, RequestKey key, std::string who) {
  const Result<UpdateRequest> request = pending_request(context, key, "approve");
  if (!request) co_return request.error();
  if (is_over(*request, context.clock.unix_ms())) {
    Result<UpdateRequest> expired = co_await set_phase(context, *request, Phase::expired, "Nobody answered in time");
    if (!expired) co_return expired.error();
    co_return wrong_phase(*expired, "approve");
  }
  if (const auto refusal = refusal_of(context, *request)) {
    Result<UpdateRequest> ended = co_await set_phase(context, *request, refusal->first, refusal->second);
    if (!ended) co_return ended.error();
    co_return wrong_phase(*ended, "approve");
  }
  if (is_moot(context, *request)) {
    Result<UpdateRequest> moot = co_await set_phase(context, *request, Phase::superseded,
                                                    "The workload no longer runs " + request->current_image);
    if (!moot) co_return moot.error();
    co_return wrong_phase(*moot, "approve");
  }
  const Result<UpdateRequest> approved = co_await record_approval(context, *request, who);
  if (!approved) co_return approved.error();
  context.compat.updates_approved_total.add();
  telemetry::info("update", "update approved", {{"request", key.text()}, {"by", who}});
  context.ports.notifiers.tell(notification_of(EventType::update_approved, *approved));
  Result<UpdateRequest> applied = co_await apply(context, *approved);
  if (!applied) {
    // The approval stands and is carried out when the cluster answers again.
    telemetry::warn("update", "approved, but not applied yet",
                    {{"request", key.text()}, {"error", applied.error().message}});
    context.queue->add_at(target_of(*approved), context.clock.unix_ms() + 1000);
    const UpdateRequest* now = context.requests.find(key);
    if (now == nullptr) co_return applied.error();
    co_return *now;
  }
  if (applied->phase == Phase::superseded) co_return wrong_phase(*applied, "approve");
  co_return applied;
}

Task<Result<UpdateRequest>> reject(Context& context, RequestKey key, std::string who, std::string reason) {
  const Result<UpdateRequest> request = pending_request(context, key, "reject");
  if (!request) co_return request.error();
  const std::string now = format_rfc3339(context.clock.unix_ms());
  json status = {{"phase", "Rejected"},
                 {"rejectedAt", now},
                 {"lastUpdated", now},
                 {"message", reason.empty() ? "Rejected by user" : reason}};
  if (!who.empty()) status["rejectedBy"] = who;
  const std::string merge = json({{"status", status}}).dump(-1, ' ', false, json::error_handler_t::replace);
  const Result<UpdateRequest> rejected =
      co_await context.ports.requests.patch_status(key, merge, request->resource_version);
  if (!rejected) co_return rejected.error();
  store(context, *rejected);
  context.compat.updates_rejected_total.add();
  telemetry::info("update", "update rejected", {{"request", key.text()}, {"by", who}});
  context.ports.notifiers.tell(notification_of(EventType::update_rejected, *rejected));
  co_return rejected;
}

}  // namespace headwind::update
