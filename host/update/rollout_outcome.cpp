// SPDX-License-Identifier: Apache-2.0
#include "update/rollout_outcome.hpp"

#include <utility>

#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/conditions.hpp"
#include "update/history.hpp"
#include "update/memory.hpp"
#include "update/rollback.hpp"

namespace headwind::update {
namespace {

Condition condition_of(const RolloutSubject& subject, const char* status, std::string_view reason,
                       std::string message) {
  return {std::string(condition_type(subject)), status, std::string(reason), std::move(message), 0};
}

// Writes the verdict where there is a request to write it into. Nothing: there is none, or it is gone.
Task<Result<std::optional<UpdateRequest>>> conclude(Context& context, RolloutSubject subject, Condition verdict) {
  const UpdateRequest* known = subject.request ? context.requests.find(*subject.request) : nullptr;
  if (known == nullptr) co_return std::optional<UpdateRequest>();
  const UpdateRequest request = *known;
  std::vector<Condition> all{std::move(verdict)};
  Result<UpdateRequest> written = co_await write_conditions(context, request, all);
  if (!written && written.error().code == Code::not_found) co_return std::optional<UpdateRequest>();
  if (!written) co_return written.error();
  co_return std::optional<UpdateRequest>(std::move(*written));
}

std::string named(const RolloutSubject& subject) { return subject.slot.str() + ": " + subject.image; }

// The slot as it stands, or null where it has gone on meanwhile.
const inventory::Slot* slot_of(const inventory::Workload& workload, const RolloutSubject& subject) {
  const inventory::Slot* slot = workload.find_slot(subject.slot.str());
  return slot != nullptr && inventory::runs(*slot, subject.image, subject.digest) ? slot : nullptr;
}

// The W3C traceparent of the push that brought it, or empty.
std::string trace_of(const inventory::Workload& workload, const RolloutSubject& subject,
                     const std::optional<UpdateRequest>& request) {
  if (request) return request->trace;
  const inventory::Slot* slot = workload.find_slot(subject.slot.str());
  if (slot == nullptr) return {};
  for (const HistoryEntry& entry : entries_of(read_history(workload.history_text()), slot->container()))
    if (entry.image == subject.image) return entry.trace;
  return {};
}

Task<Result<>> rollback_failed(Context& context, inventory::Workload workload, RolloutSubject subject,
                               std::string why) {
  Condition verdict = condition_of(subject, "False", rollout_reason::failed, why);
  const Result<std::optional<UpdateRequest>> written = co_await conclude(context, subject, verdict);
  if (!written) co_return written.error();
  context.compat.rollbacks_failed_total.add();
  if (*written) context.ports.notifiers.tell(notification_of(EventType::rollback_failed, **written));
  telemetry::error("update", "rollback does not come up", {{"workload", workload.key.text()}, {"error", why}});
  record_event(context, workload, true, "RollbackFailed", named(subject) + " does not come up either: " + why);
  co_return Result<>{};
}

// The version stays, and is remembered as failed.
Task<Result<>> stay_failed(Context& context, inventory::Workload workload, RolloutSubject subject, std::string why) {
  const Result<UpdateRequest> remembered = co_await remember_failure(context, workload, subject, why);
  if (!remembered) co_return remembered.error();
  context.compat.updates_failed_total.add();
  context.ports.notifiers.tell(notification_of(EventType::update_failed, *remembered));
  telemetry::error("update", "rollout failed", {{"workload", workload.key.text()}, {"error", why}});
  record_event(context, workload, true, "RolloutFailed", named(subject) + ": " + why);
  co_return Result<>{};
}

Task<Result<>> go_back(Context& context, inventory::Workload workload, inventory::Slot slot, RolloutSubject subject,
                       std::string good_image, std::string why) {
  RollbackRecord record{
      workload, slot, subject.image, subject.digest, good_image, why, std::string(automatic_rollback), subject.request};
  const Result<UpdateRequest> recorded = co_await record_rollback(context, record);
  if (!recorded) co_return recorded.error();
  context.compat.rollbacks_total.add();
  context.compat.rollbacks_automatic_total.add();
  context.ports.notifiers.tell(notification_of(EventType::rollback_triggered, *recorded));
  telemetry::error("update", "rollout failed, rolling back",
                   {{"workload", workload.key.text()}, {"error", why}, {"to", good_image}});
  record_event(context, workload, true, "RolloutFailed", named(subject) + ": " + why + "; going back to " + good_image);
  const Result<UpdateRequest> done = co_await carry_out_rollback(context, *recorded);
  if (!done) co_return done.error();
  co_return Result<>{};
}

}  // namespace

Task<Result<>> end_well(Context& context, inventory::Workload workload, RolloutSubject subject, std::string how) {
  Condition verdict = condition_of(subject, "True", rollout_reason::complete, how);
  const Result<std::optional<UpdateRequest>> written = co_await conclude(context, subject, verdict);
  if (!written) co_return written.error();
  telemetry::info("update", subject.going_back ? "rollback rolled out" : "rolled out",
                  {{"workload", workload.key.text()}, {"image", subject.image}, {"how", how}});
  record_event(context, workload, false, "RolledOut", named(subject) + ": " + how);
  if (subject.going_back) co_return Result<>{};
  context.metrics.came_up(workload.key.kind.str(),
                          static_cast<double>(context.clock.unix_ms() - subject.patched_ms) / 1000,
                          trace_of(workload, subject, *written));
  const inventory::Slot* slot = slot_of(workload, subject);
  if (*written) {
    context.ports.notifiers.tell(notification_of(EventType::rollout_completed, **written));
  } else if (slot != nullptr && !subject.request) {
    context.ports.notifiers.tell(notification_of(EventType::rollout_completed, workload, *slot, subject.image,
                                                 subject.digest, format_rfc3339(subject.patched_ms)));
  }
  co_return Result<>{};
}

Task<Result<>> note_unknown(Context& context, RolloutSubject subject, std::string_view reason, std::string sentence) {
  Condition verdict = condition_of(subject, "Unknown", reason, sentence);
  const Result<std::optional<UpdateRequest>> written = co_await conclude(context, subject, verdict);
  if (!written) co_return written.error();
  co_return Result<>{};
}

Task<Result<>> end_late(Context& context, inventory::Workload workload, RolloutSubject subject, std::string why) {
  if (subject.going_back) co_return co_await rollback_failed(context, workload, subject, why);
  Condition verdict = condition_of(subject, "False", rollout_reason::late, why);
  const Result<std::optional<UpdateRequest>> written = co_await conclude(context, subject, verdict);
  if (!written) co_return written.error();
  telemetry::warn("update", "rollout not complete in time", {{"workload", workload.key.text()}, {"why", why}});
  record_event(context, workload, true, "RolloutTimedOut",
               named(subject) + ": " + why + "; it is left as it is, because headwind.sh/auto-rollback is not true");
  co_return Result<>{};
}

Task<Result<>> end_badly(Context& context, inventory::Workload workload, Settings settings, RolloutSubject subject,
                         std::string why) {
  if (subject.going_back) co_return co_await rollback_failed(context, workload, subject, why);
  const inventory::Slot* found = slot_of(workload, subject);
  if (found == nullptr) co_return Result<>{};  // the next look says what became of it
  const inventory::Slot slot = *found;
  if (!settings.auto_rollback) co_return co_await stay_failed(context, workload, subject, why);
  const Result<std::string> back = way_back(context, workload, slot);
  if (!back)
    co_return co_await stay_failed(context, workload, subject,
                                   why + " (not rolled back: " + back.error().message + ")");
  co_return co_await go_back(context, workload, slot, subject, *back, why);
}

}  // namespace headwind::update
