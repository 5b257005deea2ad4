// SPDX-License-Identifier: Apache-2.0
#include "update/approval.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "telemetry/log.hpp"
#include "update/applier.hpp"
#include "update/proposal.hpp"
#include "update/request_status.hpp"
#include "update/second_look.hpp"
#include "update/vote.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

Result<UpdateRequest> pending_request(Context& context, const RequestKey& key, std::string_view verb) {
  const UpdateRequest* request = context.requests.find(key);
  if (request == nullptr) return make_error(Code::not_found, "UpdateRequest not found: " + key.text());
  if (request->phase != Phase::pending || request->rollback) return wrong_phase(*request, verb);
  return *request;
}

// Whether the workload left the image that the request wanted to replace.
bool is_moot(const Context& context, const UpdateRequest& request) {
  const inventory::Workload* workload = context.inventory.find(target_of(request));
  if (workload == nullptr || request.identity.empty()) return false;
  const inventory::Slot* slot = concerned_slot(*workload, request);
  return slot != nullptr && slot->image != request.current_image &&
         !is_same_version(slot->image, request.current_image);
}

// "alice: ", or nothing where nobody knows who it was.
std::string by(const std::string& who) { return who.empty() ? std::string() : who + ": "; }

}  // namespace

Error wrong_phase(const UpdateRequest& request, std::string_view verb) {
  return refused("UpdateRequest is in " + std::string(to_string(request.phase)) + " state, cannot " +
                 std::string(verb));
}

std::optional<std::pair<Phase, std::string>> refusal_of(const Context& context, const UpdateRequest& request) {
  if (request.target_namespace != request.key.name_space)
    return std::pair{Phase::failed, "Update failed: spec.targetRef.namespace must be the request's own namespace, " +
                                        request.key.name_space};
  const inventory::Workload* workload = context.inventory.find(target_of(request));
  if (workload != nullptr && !request.target_uid.empty() && request.target_uid != workload->uid)
    return std::pair{Phase::superseded, target_of(request).text() + " was deleted and made anew" +
                                            void_sentence(request.approvals.size())};
  return std::nullopt;
}

std::optional<std::pair<Phase, std::string>> end_of(const Context& context, const UpdateRequest& request) {
  if (request.expires_at_ms && *request.expires_at_ms <= context.clock.unix_ms()) {
    if (approvals_needed(context, request) == 0)
      return std::pair{Phase::expired, std::string("spec.expiresAt had passed before it was taken up")};
    return std::pair{Phase::expired, "Nobody answered in time" + void_sentence(request.approvals.size())};
  }
  if (is_moot(context, request))
    return std::pair{Phase::superseded,
                     "The workload no longer runs " + request.current_image + void_sentence(request.approvals.size())};
  return std::nullopt;
}

void tell_counted(Context& context, const UpdateRequest& request, const std::string& who) {
  telemetry::info("update", "approval counted",
                  {{"request", request.key.text()}, {"by", who}, {"state", request.message}});
  record_event(context, request, false, "ApprovalCounted",
               who + " approved UpdateRequest " + request.key.name + ": " + request.message);
}

Task<Result<UpdateRequest>> carry_out(Context& context, UpdateRequest approved) {
  context.compat.updates_approved_total.add();
  telemetry::info("update", "update approved", {{"request", approved.key.text()}, {"by", approved.approved_by}});
  context.ports.notifiers.tell(notification_of(EventType::update_approved, approved));
  record_event(context, approved, false, "UpdateApproved",
               by(approved.approved_by) + "UpdateRequest " + approved.key.name + ", to " + approved.new_image);
  Result<UpdateRequest> applied = co_await apply(context, approved);
  if (!applied) {
    // The approval stands and is carried out when the cluster answers again.
    telemetry::warn("update", "approved, but not applied yet",
                    {{"request", approved.key.text()}, {"error", applied.error().message}});
    context.queue->add_at(target_of(approved), context.clock.unix_ms() + 1000);
    const UpdateRequest* now = context.requests.find(approved.key);
    if (now == nullptr) co_return applied.error();
    co_return *now;
  }
  if (applied->phase == Phase::superseded) {
    Error error = wrong_phase(*applied, "approve");
    error.message += ": " + applied->message;
    co_return error;
  }
  co_return applied;
}

Task<Result<UpdateRequest>> approve(Context& context, RequestKey key, Vote vote) {
  const Result<UpdateRequest> request = pending_request(context, key, "approve");
  if (!request) co_return request.error();
  telemetry::Span span("approve", telemetry::answer_to(request->trace));
  name_request(span, *request);
  auto end = refusal_of(context, *request);
  if (!end) end = end_of(context, *request);
  if (end) {
    const Result<> noted = co_await look_again_after_rollback(context, *request);
    if (!noted) co_return noted.error();
    const Result<UpdateRequest> ended = co_await set_phase(context, *request, end->first, end->second);
    if (!ended) co_return ended.error();
    co_return wrong_phase(*ended, "approve");
  }
  const Result<UpdateRequest> counted = co_await cast_vote(context, *request, vote);
  if (!counted) co_return counted.error();
  if (counted->phase == Phase::approved) co_return co_await carry_out(context, *counted);
  if (counted->approvals.size() != request->approvals.size()) tell_counted(context, *counted, vote.by);
  co_return counted;
}

Task<Result<UpdateRequest>> reject(Context& context, RequestKey key, std::string who, std::string reason) {
  const Result<UpdateRequest> request = pending_request(context, key, "reject");
  if (!request) co_return request.error();
  telemetry::Span span("reject", telemetry::answer_to(request->trace));
  name_request(span, *request);
  const std::string now = format_rfc3339(context.clock.unix_ms());
  json status = {{"phase", "Rejected"},
                 {"rejectedAt", now},
                 {"lastUpdated", now},
                 {"message", reason.empty() ? "Rejected by user" : reason}};
  if (!who.empty()) status["rejectedBy"] = who;
  const Result<UpdateRequest> rejected = co_await write_status(context, *request, std::move(status));
  if (!rejected) co_return rejected.error();
  context.compat.updates_rejected_total.add();
  telemetry::info("update", "update rejected", {{"request", key.text()}, {"by", who}});
  context.ports.notifiers.tell(notification_of(EventType::update_rejected, *rejected));
  record_event(context, *rejected, false, "UpdateRejected",
               by(who) + "UpdateRequest " + key.name + ", to " + rejected->new_image + ": " + rejected->message +
                   "; nothing at or below it is proposed until the request is released");
  co_return rejected;
}

}  // namespace headwind::update
