// SPDX-License-Identifier: Apache-2.0
#include "update/rollback.hpp"

#include <algorithm>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/audit.hpp"
#include "update/conditions.hpp"
#include "update/former_digest.hpp"
#include "update/history.hpp"
#include "update/memory.hpp"
#include "update/proposal.hpp"
#include "update/rollout_due.hpp"
#include "update/rollout_outcome.hpp"
#include "update/sender.hpp"
#include "update/work_span.hpp"

namespace headwind::update {
namespace {

constexpr std::string_view failed_prefix = "Rollback failed: ";

// The words of 0.1.x first: its clients may look for them.
Error no_entry(std::size_t index, const std::vector<HistoryEntry>& entries, const std::string& place) {
  const std::string known = entries.empty()       ? "knows of nothing that ran before"
                            : entries.size() == 1 ? "has index 0 alone"
                                                  : "has the indexes 0 to " + std::to_string(entries.size() - 1);
  return make_error(
      Code::not_found,
      "No history entry found at index " + std::to_string(index) + ": the history of " + place + " " + known +
          (entries.size() > 1 ? "; choose one that kubectl headwind history shows" : ", so there is no way back yet"));
}

// `place`: whose history it is, as errors name it.
Result<HistoryEntry> entry_for(const std::vector<HistoryEntry>& entries, const RollbackOrder& order,
                               const inventory::Slot& slot, const std::vector<UpdateRequest>& requests,
                               const std::string& place) {
  if (order.index) {
    if (*order.index >= entries.size()) return no_entry(*order.index, entries, place);
    const HistoryEntry& entry = entries[*order.index];
    if (is_bad(requests, slot, entry.image, entry.digest))
      return make_error(Code::conflict,
                        place + ": " + entry.image +
                            " is remembered as bad; release its UpdateRequest first, or choose another index");
    return entry;
  }
  // Index 0 is what runs, or ran until somebody else changed it.
  for (const HistoryEntry& entry : entries)
    if (!inventory::runs(slot, entry.image, entry.digest) && !is_bad(requests, slot, entry.image, entry.digest))
      return entry;
  if (entries.size() > 1)
    return make_error(Code::not_found,
                      place +
                          ": no earlier image is left that is not remembered as bad; release an UpdateRequest that "
                          "remembers one, or name an index of the history");
  return no_entry(1, entries, place);
}

// A request made by hand may name anybody.
std::string ordered_by(const UpdateRequest& request) {
  return request.identity.empty() ? "whoever made UpdateRequest " + request.key.name : request.rollback_by;
}

// For people who read a log. Who orders by an API that asks for no name (auth.mode: none) need not give one.
std::string told_by(const UpdateRequest& request) {
  std::string by = ordered_by(request);
  return by.empty() ? "somebody who gave no name" : by;
}

std::string why_back(const UpdateRequest& request) {
  const std::string by = told_by(request);
  return (by == automatic_rollback ? "by itself" : "asked for by " + by) +
         (request.rollback_reason.empty() ? "" : ": " + request.rollback_reason);
}

// Whether a request may send the slot to that image: one of the same repository that it ran before, or runs. Requests
// can be made by hand, and those who may make them may not choose any image.
bool may_return_to(const inventory::Workload& workload, const inventory::Slot& slot, const std::string& image) {
  if (slot.image == image) return true;
  const auto reference = inventory::read_reference(slot, image);
  if (!reference || slot.repository != reference->repository()) return false;
  const auto ran = entries_of(read_history(workload.history_text()), slot.container());
  return std::any_of(ran.begin(), ran.end(), [&](const HistoryEntry& entry) { return entry.image == image; });
}

// The history shows that this request's rollback was patched by us.
bool was_sent(const inventory::Workload& workload, const UpdateRequest& request) {
  const auto entries = read_history(workload.history_text());
  return std::any_of(entries.begin(), entries.end(), [&](const HistoryEntry& entry) {
    return !request.uid.empty() && entry.request_uid == request.uid && entry.image == request.rollback_image;
  });
}

Task<Result<UpdateRequest>> end_rollback(Context& context, inventory::Workload workload, UpdateRequest request,
                                         std::string message) {
  const bool followed = awaits(request, condition::rolled_out);
  if (!was_sent(workload, request) && !followed)
    co_return co_await set_phase(context, request, Phase::rolled_back, message);
  if (!was_sent(workload, request)) {  // somebody else took it back while its rollout was followed
    std::vector<Condition> over{
        {std::string(condition::rolled_out), "Unknown", std::string(rollout_reason::replaced), message, 0}};
    co_return co_await write_conditions(context, request, over, std::string(to_string(Phase::rolled_back)), message);
  }
  const bool failed = request.rollback_by == automatic_rollback;
  const bool watched = context.ports.rollouts != nullptr;
  std::vector<Condition> both{
      {std::string(condition::rolled_out), "False", failed ? std::string(rollout_reason::failed) : "RolledBack",
       request.rollback_reason, 0},
      {std::string(condition::rolled_back), "Unknown",
       std::string(watched ? rollout_reason::following : rollout_reason::not_watched), message, 0}};
  co_return co_await write_conditions(context, request, both, std::string(to_string(Phase::rolled_back)), message);
}

// Where a decision moved several slots, all of them go back: which one was to blame is not known.
Task<Result<>> record_siblings(Context& context, inventory::Workload workload, UpdateRequest request,
                               inventory::Slot slot) {
  const auto entries = read_history(workload.history_text());
  const auto newest = [&](std::string_view container) {
    return std::find_if(entries.begin(), entries.end(),
                        [&](const HistoryEntry& entry) { return entry.container == container; });
  };
  const auto own = newest(slot.container());
  if (own == entries.end() || own->image != request.new_image || !own->request_name.empty()) co_return Result<>{};
  for (const inventory::Slot& other : workload.slots) {
    const auto entry = newest(other.container());
    const bool same_decision =
        other.slot != slot.slot && entry != entries.end() && entry->timestamp == own->timestamp &&
        inventory::runs(other, entry->image, entry->digest) && !entry->digest.empty() && entry->request_name.empty();
    if (!same_decision) continue;
    const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
    if (is_bad(requests, other, entry->image, entry->digest)) continue;
    const Result<std::string> back = way_back(context, workload, other);
    if (!back) continue;
    RollbackRecord record{workload,           other, entry->image, entry->digest, *back, request.rollback_reason,
                          request.rollback_by};
    const Result<UpdateRequest> recorded = co_await record_rollback(context, record);
    if (!recorded) co_return recorded.error();
  }
  co_return Result<>{};
}

struct Back {  // one request's part of the patch
  UpdateRequest request;
  Move move;
};

// This request, and all others of the workload that are to go back now: one patch, one rollout.
std::vector<Back> all_back(Context& context, const inventory::Workload& workload, const UpdateRequest& request) {
  const std::string now = format_rfc3339(context.clock.unix_ms()), trace = telemetry::Current::text();
  const std::vector<HistoryEntry> history = read_history(workload.history_text());
  std::vector<Back> all;
  for (const UpdateRequest& one : context.requests.of(workload.key, workload.uid)) {
    const bool due = one.key == request.key ||
                     (one.rollback && !one.deleting && one.phase != Phase::rolled_back && one.phase != Phase::failed);
    if (!due) continue;
    for (const inventory::Slot& slot : workload.slots) {
      if (!concerns(one, slot) || !inventory::runs(slot, one.new_image, one.digest) ||
          !may_return_to(workload, slot, one.rollback_image))
        continue;
      const HistoryEntry entry{std::string(slot.container()),
                               one.rollback_image,
                               now,
                               one.key.name,
                               ordered_by(one),
                               {},
                               one.key == request.key && !trace.empty() ? trace : one.trace,
                               one.uid};
      all.push_back({one,
                     {slot, one.rollback_image, inventory::tag_in(slot, one.rollback_image),
                      former_digest(history, slot.container(), one.rollback_image), entry}});
      break;
    }
  }
  return all;
}

std::vector<Move> moves_of(const std::vector<Back>& all) {
  std::vector<Move> moves;
  for (const Back& back : all) moves.push_back(back.move);
  return moves;
}

// The patch was accepted.
Task<Result<UpdateRequest>> end_all(Context& context, inventory::Workload after, std::vector<Back> all,
                                    RequestKey asked) {
  Result<UpdateRequest> answer = make_error(Code::not_found, "UpdateRequest not found: " + asked.text());
  for (const Back& back : all) {
    audit_move("rollback", after.key, back.move, why_back(back.request));
    telemetry::warn("update", "rolled back",
                    {{"workload", after.key.text()},
                     {"from", back.move.slot.image},
                     {"to", back.move.new_image},
                     {"by", told_by(back.request)}});
    record_event(context, after, true, "RolledBack", back.move.slot.image + " -> " + back.move.new_image);
    Result<UpdateRequest> ended =
        co_await end_rollback(context, after, back.request, "Rolled back to " + back.request.rollback_image);
    // Dated as it was written down, so that a restart does not tell it again.
    context.ports.notifiers.tell(notification_of(EventType::rollback_completed, ended ? *ended : back.request));
    if (back.request.key == asked) answer = std::move(ended);
  }
  co_return answer;
}

// It will not be carried out. Who looks at the workload must see it: its last Event says that it goes back.
Task<Result<UpdateRequest>> refused(Context& context, UpdateRequest request, std::string why) {
  const Result<UpdateRequest> failed =
      co_await set_phase(context, request, Phase::failed, std::string(failed_prefix) + why);
  if (!failed) co_return failed;
  context.compat.rollbacks_failed_total.add();
  context.ports.notifiers.tell(notification_of(EventType::rollback_failed, *failed));
  audit_refused_rollback(request, why);
  telemetry::error("update", "rollback failed", {{"request", request.key.text()}, {"error", why}});
  if (const inventory::Workload* workload = context.inventory.find(target_of(request)))
    record_event(context, *workload, true, "RollbackFailed",
                 "UpdateRequest " + request.key.name + ": " + why + "; nothing was changed");
  co_return failed;
}

// Whether there is nothing to send, and what then becomes of the request.
Task<Result<std::optional<UpdateRequest>>> settled(Context& context, inventory::Workload workload,
                                                   UpdateRequest request) {
  Result<UpdateRequest> ended = make_error(Code::internal, "");
  const inventory::Slot* slot = concerned_slot(workload, request);
  if (slot == nullptr)
    ended = co_await refused(context, request, "the workload has no container " + request.container);
  else if (runs_rollback(*slot, request))
    ended = co_await end_rollback(context, workload, request, "Rolled back to " + request.rollback_image);
  else if (!inventory::runs(*slot, request.new_image, request.digest))
    ended = co_await end_rollback(context, workload, request,
                                  "The workload runs " + slot->image + " by now; nothing was changed");
  else if (!may_return_to(workload, *slot, request.rollback_image))
    ended = co_await refused(context, request,
                             "spec.rollback.image " + request.rollback_image + " is not in the history of container " +
                                 std::string(slot->container()));
  else
    co_return std::optional<UpdateRequest>();
  if (!ended) co_return ended.error();
  co_return std::optional<UpdateRequest>(std::move(*ended));
}

}  // namespace

bool runs_rollback(const inventory::Slot& slot, const UpdateRequest& request) {
  if (slot.image == request.rollback_image) return true;
  return inventory::is_pinned_form(slot, request.rollback_image) &&
         !inventory::runs(slot, request.new_image, request.digest);
}

Result<std::string> way_back(Context& context, const inventory::Workload& workload, const inventory::Slot& slot) {
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  const std::vector<HistoryEntry> entries = entries_of(read_history(workload.history_text()), slot.container());
  const Result<HistoryEntry> entry = entry_for(entries, {}, slot, requests, workload.key.text());
  if (!entry) return make_error(Code::not_found, "no earlier version is known that is not remembered as bad");
  return entry->image;
}

Task<Result<UpdateRequest>> carry_out_rollback(Context& context, UpdateRequest request) {
  constexpr int looks = 3;
  telemetry::Span span("roll back", telemetry::answer_to(request.trace));
  name_request(span, request);
  const inventory::Workload* known = context.inventory.find(target_of(request));
  if (known == nullptr)
    co_return co_await refused(context, request,
                               target_of(request).text() + " not found, or it has no headwind.sh/policy");
  Result<inventory::Workload> workload = *known;
  for (int look = 0; look < looks; ++look) {
    if (!workload) workload = co_await read_again(context, target_of(request));
    if (!workload && workload.error().code == Code::not_found)
      co_return co_await refused(context, request, target_of(request).text() + " is gone");
    if (!workload) co_return workload.error();
    const Result<std::optional<UpdateRequest>> over = co_await settled(context, *workload, request);
    if (!over) co_return over.error();
    if (*over) co_return **over;
    if (request.rollback_by == automatic_rollback) {
      const inventory::Slot* slot = concerned_slot(*workload, request);
      const Result<> recorded = co_await record_siblings(context, *workload, request, *slot);
      if (!recorded) co_return recorded.error();
    }
    const inventory::Workload before = *workload;
    const std::vector<Back> all = all_back(context, before, request);
    workload = co_await send_moves(context, before, moves_of(all), false);
    if (workload) co_return co_await end_all(context, *workload, all, request.key);
    const Error error = workload.error();
    if (error.code == Code::denied || error.code == Code::invalid)
      co_return co_await refused(context, request, error.message);
    if (error.code != Code::conflict && error.code != Code::not_found) co_return error;
  }
  co_return make_error(Code::conflict, target_of(request).text() + ": it keeps changing while it is being rolled back");
}

Task<Result<RollbackOutcome>> order_rollback(Context& context, RollbackOrder order) {
  const Error no_container = make_error(Code::not_found, order.target.text() + " has no container " + order.container);
  const inventory::Workload* found = context.inventory.find(order.target);
  if (found == nullptr)
    co_return make_error(Code::not_found, order.target.text() + " not found, or it has no headwind.sh/policy");
  const inventory::Workload workload = *found;
  const auto slot = std::find_if(workload.slots.begin(), workload.slots.end(),
                                 [&](const inventory::Slot& s) { return s.container() == order.container; });
  if (slot == workload.slots.end()) co_return no_container;
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  const std::vector<HistoryEntry> entries = entries_of(read_history(workload.history_text()), order.container);
  const Result<HistoryEntry> target =
      entry_for(entries, order, *slot, requests, order.target.text() + ", " + order.container);
  if (!target) co_return target.error();
  if (inventory::runs(*slot, target->image, target->digest))
    co_return make_error(Code::conflict, order.target.text() + " runs " + slot->image + " already");

  context.compat.rollbacks_total.add();
  context.compat.rollbacks_manual_total.add();
  const auto running =
      std::find_if(entries.begin(), entries.end(), [&](const HistoryEntry& e) { return is_image_of(e, slot->image); });
  const bool known = running != entries.end();
  RollbackRecord record{workload,
                        *slot,
                        known ? running->image : slot->image,
                        known ? running->digest : std::string{},
                        target->image,
                        order.reason,
                        order.user};
  const Result<UpdateRequest> recorded = co_await record_rollback(context, record);
  if (!recorded) co_return recorded.error();
  context.ports.notifiers.tell(notification_of(EventType::rollback_triggered, *recorded));
  const Result<UpdateRequest> done = co_await carry_out_rollback(context, *recorded);
  if (!done) co_return done.error();
  const inventory::Workload* after = context.inventory.find(order.target);
  const inventory::Slot* now = after != nullptr ? after->find_slot(slot->slot.str()) : nullptr;
  if (done->phase != Phase::rolled_back) {
    // Renamed or removed a moment ago: only the patch, which was refused, has told.
    if (now == nullptr) co_return no_container;
    const bool prefixed = done->message.starts_with(failed_prefix);
    co_return make_error(Code::denied, done->message.substr(prefixed ? failed_prefix.size() : 0));
  }
  if (now != nullptr && !runs_rollback(*now, *done)) co_return make_error(Code::conflict, done->message);
  co_return RollbackOutcome{target->image, done->key.name};
}

}  // namespace headwind::update
