// SPDX-License-Identifier: Apache-2.0
#include "update/applier.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/audit.hpp"
#include "update/conditions.hpp"
#include "update/history.hpp"
#include "update/obstacle.hpp"
#include "update/proposal.hpp"
#include "update/request_status.hpp"
#include "update/rollout_outcome.hpp"
#include "update/rollouts.hpp"
#include "update/second_look.hpp"
#include "update/sender.hpp"
#include "update/vote.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

Task<Result<UpdateRequest>> write_dated(Context& context, UpdateRequest request, json status) {
  status["lastUpdated"] = format_rfc3339(context.clock.unix_ms());
  co_return co_await write_status(context, request, std::move(status));
}

Task<Result<UpdateRequest>> fail(Context& context, UpdateRequest request, std::string why) {
  const Result<UpdateRequest> failed = co_await set_phase(context, request, Phase::failed, "Update failed: " + why);
  if (failed) {
    context.compat.updates_failed_total.add();
    context.ports.notifiers.tell(notification_of(EventType::update_failed, *failed));
    audit_request("apply", *failed, make_error(Code::invalid, why));
    telemetry::error("update", "update failed", {{"request", request.key.text()}, {"error", why}});
    record_event(context, *failed, true, "UpdateFailed", "UpdateRequest " + request.key.name + ": " + why);
  }
  co_return failed;
}

Task<Result<UpdateRequest>> complete(Context& context, UpdateRequest request) {
  const bool watched = context.ports.rollouts != nullptr;
  json status = {{"phase", "Completed"}, {"message", "Update applied successfully"}};
  const std::string reason(watched ? rollout_reason::following : rollout_reason::not_watched);
  const std::vector<Condition> unknown{
      {std::string(condition::rolled_out), "Unknown", reason, "the workload's patch was accepted", 0}};
  status["conditions"] = conditions_with(request, unknown, context.clock.unix_ms());
  const Result<UpdateRequest> done = co_await write_dated(context, request, status);
  if (done) {
    context.queue->add(target_of(request));  // to follow its rollout
    context.compat.updates_applied_total.add();
    if (done->update_type == "helmChart") context.compat.helm_updates_applied_total.add();
    context.ports.notifiers.tell(notification_of(EventType::update_completed, *done));
    audit_request("apply", *done);
    telemetry::info("update", "update applied",
                    {{"request", request.key.text()}, {"to", request.new_image}, {"by", request.approved_by}});
  }
  co_return done;
}

// The slot this request is about, or why there is none. A request made by hand proves itself here (decisions 6).
Result<inventory::Slot> slot_of(const UpdateRequest& request, const inventory::Workload& workload) {
  const inventory::Slot* slot = concerned_slot(workload, request);
  const std::string named = request.container.empty() ? request.new_image : request.container;
  if (slot == nullptr) return make_error(Code::invalid, workload.key.text() + " has no container " + named);
  const auto image = inventory::read_reference(*slot, request.new_image);
  if (!image) return image.error();
  if (slot->repository != image->repository())
    return make_error(Code::invalid, "spec.newImage " + request.new_image +
                                         " is not of the repository that container " + named + " runs (" +
                                         slot->repository.str() + ")");
  if (image->tag.empty()) return make_error(Code::invalid, "spec.newImage " + request.new_image + " has no tag");
  return *slot;
}

// Whether the slot has what the request is to replace.
bool has_current(const inventory::Slot& slot, const UpdateRequest& request) {
  if (slot.image == request.current_image) return true;
  const auto l = inventory::read_reference(slot, slot.image),
             r = inventory::read_reference(slot, request.current_image);
  return l && r && l->repository() == r->repository() && l->tag == r->tag && l->digest == r->digest;
}

bool history_names(const inventory::Workload& workload, const UpdateRequest& request) {
  const auto entries = read_history(workload.history_text());
  return std::any_of(entries.begin(), entries.end(), [&](const HistoryEntry& entry) {
    return !request.uid.empty() && entry.request_uid == request.uid && entry.image == request.new_image;
  });
}

std::int64_t newest_revision(const std::vector<RanBefore>& before) {
  std::int64_t newest = 0;
  for (const RanBefore& old : before) newest = std::max(newest, old.revision);
  return newest;
}

// Somebody ran the new image since the intent was noted, and undid it: then it is not sent again (decisions 7).
bool ran_since(const std::vector<RanBefore>& before, const UpdateRequest& request, const inventory::Slot& slot) {
  return std::any_of(before.begin(), before.end(), [&](const RanBefore& old) {
    return old.revision > request.noted_revision &&
           std::find(old.images.begin(), old.images.end(), std::pair{slot.slot.str(), request.new_image}) !=
               old.images.end();
  });
}

// Confirms that the tag still names what was shown. An answer here ends the look-up: nothing means "go on".
Task<Result<std::optional<UpdateRequest>>> check_registry(Context& context, UpdateRequest request, inventory::Slot slot,
                                                          Symbol access) {
  const auto image = inventory::read_reference(slot, request.new_image);
  const Result<std::string> digest = co_await context.ports.registries.digest(slot.repository, image->tag, access);
  if (!digest && digest.error().code == Code::not_found) {
    Result<UpdateRequest> failed = co_await fail(context, request, "the registry has no " + request.new_image);
    if (!failed) co_return failed.error();
    co_return std::optional<UpdateRequest>(*failed);
  }
  if (!digest) {
    const std::string message = "Approved; waits for the registry: " + digest.error().message;
    context.queue->add_at(target_of(request), context.clock.unix_ms() + 15'000);
    if (request.message == message) co_return std::optional<UpdateRequest>(request);
    const json status = {{"message", message}};
    Result<UpdateRequest> waits = co_await write_dated(context, request, status);
    if (!waits) co_return waits.error();
    co_return std::optional<UpdateRequest>(*waits);
  }
  if (!request.digest.empty() && *digest != request.digest) {
    const std::string message = moved_sentence(request, image->tag, *digest);
    Result<UpdateRequest> gone = co_await set_phase(context, request, Phase::superseded, message);
    if (!gone) co_return gone.error();
    co_return std::optional<UpdateRequest>(*gone);
  }
  co_return std::optional<UpdateRequest>{};
}

// Approved, and nothing is lost: it is looked at again when the obstacle goes. Said once. An intent whose patch has
// left no trace is taken back: the whole of it is looked at anew.
Task<Result<UpdateRequest>> wait_behind(Context& context, UpdateRequest request, std::string obstacle) {
  const std::string message = "Approved; waits " + obstacle;
  if (request.message == message && request.phase == Phase::approved) co_return request;
  const json status = {{"phase", "Approved"}, {"message", message}};
  const Result<UpdateRequest> waits = co_await write_dated(context, request, status);
  if (!waits) co_return waits.error();
  telemetry::info("update", "approved update waits", {{"request", request.key.text()}, {"why", obstacle}});
  record_event(context, *waits, false, "UpdateWaits",
               "UpdateRequest " + request.key.name + ", to " + request.new_image + ", waits " + obstacle);
  co_return waits;
}

Task<Result<UpdateRequest>> superseded(Context& context, UpdateRequest request, std::string runs) {
  const Result<> noted = co_await look_again_after_rollback(context, request);
  if (!noted) co_return noted.error();
  co_return co_await set_phase(context, request, Phase::superseded,
                               "Changed by someone else: the workload runs " + runs + ", not " + request.current_image);
}

Task<Result<UpdateRequest>> note_intent(Context& context, UpdateRequest request, inventory::Workload workload) {
  const Result<std::vector<RanBefore>> before = co_await context.ports.workloads.ran_before(workload);
  if (!before) co_return before.error();
  const json status = {
      {"phase", "Applying"}, {"message", "Applying " + request.new_image}, {"notedRevision", newest_revision(*before)}};
  co_return co_await write_dated(context, request, status);
}

// The request is Applying: sends the patch unless the workload shows that it arrived before, or must not any more.
Task<Result<UpdateRequest>> send(Context& context, UpdateRequest request, bool resumed) {
  constexpr int looks = 3;
  for (int look = 0; look < looks; ++look) {
    const Result<inventory::Workload> workload = co_await read_again(context, target_of(request));
    if (!workload && workload.error().code == Code::not_found)
      co_return co_await fail(context, request, target_of(request).text() + " not found");
    if (!workload) co_return workload.error();
    if (history_names(*workload, request)) co_return co_await complete(context, request);
    const Result<inventory::Slot> slot = slot_of(request, *workload);
    if (!slot) co_return co_await fail(context, request, slot.error().message);
    // The version was written into another object, and then we ended: the history is still to be written.
    const bool half_done = resumed && !slot->object.empty() && slot->image == request.new_image;
    if (!half_done && !has_current(*slot, request)) co_return co_await superseded(context, request, slot->image);
    if (resumed && workload->key.kind == "Deployment") {
      const Result<std::vector<RanBefore>> before = co_await context.ports.workloads.ran_before(*workload);
      if (!before) co_return before.error();
      if (ran_since(*before, request, *slot)) co_return co_await superseded(context, request, slot->image);
    }
    // What stands half done in two objects is brought to its end: the version is there already.
    if (const auto obstacle = obstacle_to(context, *workload); obstacle && !half_done)
      co_return co_await wait_behind(context, request, *obstacle);
    const std::string now = format_rfc3339(context.clock.unix_ms());
    const std::string trace = telemetry::Current::text();
    const Move move{
        *slot,
        request.new_image,
        inventory::tag_in(*slot, request.new_image),
        request.digest,
        HistoryEntry{std::string(slot->container()), request.new_image, now, request.key.name, request.approved_by,
                     request.digest, trace.empty() ? request.trace : trace, request.uid},
        request.current_image};
    const std::vector<Move> moves{move};
    const Result<inventory::Workload> sent = co_await send_moves(context, *workload, moves, true);
    if (sent) {
      record_event(context, *sent, false, "Updated",
                   move.slot.image + " -> " + move.new_image + " (UpdateRequest " + request.key.name + ")");
      co_return co_await complete(context, request);
    }
    const Code code = sent.error().code;
    if (code == Code::denied || code == Code::invalid) co_return co_await fail(context, request, sent.error().message);
    if (code != Code::conflict && code != Code::not_found) co_return sent.error();
  }
  co_return make_error(Code::conflict, target_of(request).text() + ": it keeps changing while it is being updated");
}

// Too many rollouts are under way. Its place is written once; GET /api/v1/rollouts knows it at any time.
Task<Result<UpdateRequest>> wait_in_queue(Context& context, UpdateRequest request) {
  constexpr std::string_view waits = "Approved; waits for its turn among rollouts";
  if (request.message.starts_with(waits)) co_return request;
  const json status = {
      {"message", std::string(waits) + ": position " + std::to_string(context.rollouts.position(target_of(request)))}};
  co_return co_await write_dated(context, request, status);
}

}  // namespace

Task<Result<UpdateRequest>> apply(Context& context, UpdateRequest request) {
  if (request.phase == Phase::applying) {
    telemetry::Span span("apply", {.parent = telemetry::parent_of(request.trace)});
    name_request(span, request);
    span.set("headwind.resumed", true);
    co_return co_await send(context, request, true);
  }
  const inventory::Workload* found = context.inventory.find(target_of(request));
  if (found == nullptr)
    co_return co_await fail(context, request,
                            target_of(request).text() + " not found, or it has no headwind.sh/policy");
  const inventory::Workload workload = *found;
  // Without its images nobody can say that the container is gone.
  if (workload.not_read) co_return co_await wait_behind(context, request, *obstacle_to(context, workload));
  const Result<inventory::Slot> slot = slot_of(request, workload);
  if (!slot) co_return co_await fail(context, request, slot.error().message);
  if (!has_current(*slot, request)) co_return co_await superseded(context, request, slot->image);
  if (const auto obstacle = obstacle_to(context, workload)) co_return co_await wait_behind(context, request, *obstacle);
  telemetry::Span span("apply", {.parent = telemetry::parent_of(request.trace)});
  name_request(span, request);
  const Result<std::optional<UpdateRequest>> checked =
      co_await check_registry(context, request, *slot, workload.access);
  if (!checked) co_return checked.error();
  if (*checked) co_return **checked;
  if (!may_begin_rollout(context, workload)) co_return co_await wait_in_queue(context, request);
  const Result<UpdateRequest> intended = co_await note_intent(context, request, workload);
  if (!intended) co_return intended.error();
  co_return co_await send(context, *intended, false);
}

}  // namespace headwind::update
