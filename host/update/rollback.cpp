// SPDX-License-Identifier: Apache-2.0
#include "update/rollback.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/image_reference.hpp"
#include "core/text.hpp"
#include "telemetry/log.hpp"
#include "update/history.hpp"
#include "update/memory.hpp"
#include "update/naming.hpp"
#include "update/proposal.hpp"
#include "update/sender.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

std::string tag_of(std::string_view image) {
  const auto reference = parse_image_reference(image);
  return reference ? reference->tag : std::string{};
}

// The request that brought `image` to the slot, if any is left to write into.
const UpdateRequest* request_of(const std::vector<UpdateRequest>& requests, const inventory::Slot& slot,
                                std::string_view image) {
  const auto found = std::find_if(requests.begin(), requests.end(), [&](const UpdateRequest& request) {
    return !request.deleting && concerns(request, slot) && request.new_image == image;
  });
  return found == requests.end() ? nullptr : &*found;
}

Result<HistoryEntry> entry_for(const std::vector<HistoryEntry>& entries, const RollbackOrder& order,
                               const inventory::Slot& slot, const std::vector<UpdateRequest>& requests) {
  if (order.index) {
    if (*order.index >= entries.size())
      return make_error(Code::not_found, "No history entry found at index " + std::to_string(*order.index));
    const HistoryEntry& entry = entries[*order.index];
    if (is_bad(requests, slot, entry.image, entry.digest))
      return make_error(
          Code::conflict,
          entry.image + " is remembered as bad; release its UpdateRequest first, or choose another index");
    return entry;
  }
  // Index 0 is what runs, or ran until somebody else changed it.
  for (const HistoryEntry& entry : entries)
    if (entry.image != slot.image && !is_bad(requests, slot, entry.image, entry.digest)) return entry;
  return make_error(Code::not_found, "No history entry found at index 1");
}

// Whether a request may send the slot to that image: one of the same repository that it ran before, or runs. Requests
// can be made by hand, and those who may make them may not choose any image.
bool may_return_to(const inventory::Workload& workload, const inventory::Slot& slot, const std::string& image) {
  if (slot.image == image) return true;
  const auto reference = parse_image_reference(image);
  if (!reference || slot.repository != reference->repository()) return false;
  const auto ran = entries_of(read_history(workload.history_text()), slot.container());
  return std::any_of(ran.begin(), ran.end(), [&](const HistoryEntry& entry) { return entry.image == image; });
}

Task<Result<UpdateRequest>> end_rollback(Context& context, UpdateRequest request, std::string message) {
  const Result<UpdateRequest> ended = co_await set_phase(context, request, Phase::rolled_back, message);
  co_return ended;
}

}  // namespace

Task<Result<UpdateRequest>> record_rollback(Context& context, RollbackRecord record) {
  const std::vector<UpdateRequest> requests = context.requests.of(record.workload.key, record.workload.uid);
  const UpdateRequest* known = request_of(requests, record.slot, record.bad_image);
  if (known != nullptr && (known->rollback || known->phase == Phase::failed)) {
    // It remembers an earlier time, and where it went then cannot be changed: it makes room.
    const UpdateRequest old = *known;
    known = nullptr;
    const Result<> removed = co_await context.ports.requests.remove(old.key, old.uid);
    if (!removed && removed.error().code != Code::not_found) co_return removed.error();
    context.requests.remove(old.key);
  }
  if (known != nullptr) {
    json rollback = {{"image", record.good_image}, {"reason", record.reason}, {"by", record.by}};
    const std::string merge = json({{"spec", {{"action", "rollback"}, {"rollback", rollback}}}})
                                  .dump(-1, ' ', false, json::error_handler_t::replace);
    Result<UpdateRequest> written = co_await context.ports.requests.patch_spec(known->key, merge, {});
    if (written) store(context, *written);
    co_return written;
  }
  UpdateRequest request;
  request.key.name_space = record.workload.key.name_space;
  request.identity = request_identity(record.workload.uid, record.slot.slot.str(), record.bad_image, record.bad_digest);
  request.target_api_version = record.workload.api_version;
  request.target_kind = record.workload.key.kind;
  request.target_name = record.workload.key.name;
  request.target_namespace = record.workload.key.name_space;
  request.target_uid = record.workload.uid;
  request.container = record.slot.container();
  request.slot = record.slot.slot;
  request.current_image = record.good_image;
  request.new_image = record.bad_image;
  request.digest = record.bad_digest;
  const std::string* policy = record.workload.annotation(annotation::policy);
  request.policy = policy != nullptr ? to_lower(trim(*policy)) : "none";
  request.reason = "Remembers that " + record.bad_image + " was left for " + record.good_image;
  request.rollback = true;
  request.rollback_image = record.good_image;
  request.rollback_reason = record.reason;
  request.rollback_by = record.by;
  co_return co_await create_request(context, request, request.container, tag_of(record.bad_image));
}

Task<Result<UpdateRequest>> carry_out_rollback(Context& context, UpdateRequest request) {
  constexpr int looks = 3;
  Result<inventory::Workload> workload = make_error(Code::not_found, "");
  const inventory::Workload* known = context.inventory.find(target_of(request));
  if (known == nullptr)
    co_return co_await set_phase(
        context, request, Phase::failed,
        "Rollback failed: " + target_of(request).text() + " not found, or it has no headwind.sh/policy");
  workload = *known;
  for (int look = 0; look < looks; ++look) {
    if (!workload) workload = co_await read_again(context, target_of(request));
    if (!workload && workload.error().code == Code::not_found)
      co_return co_await set_phase(context, request, Phase::failed,
                                   "Rollback failed: " + target_of(request).text() + " is gone");
    if (!workload) co_return workload.error();
    const auto slot = std::find_if(workload->slots.begin(), workload->slots.end(),
                                   [&](const inventory::Slot& s) { return concerns(request, s); });
    if (slot == workload->slots.end())
      co_return co_await set_phase(context, request, Phase::failed,
                                   "Rollback failed: the workload has no container " + request.container);
    if (slot->image == request.rollback_image)
      co_return co_await end_rollback(context, request, "Rolled back to " + request.rollback_image);
    if (slot->image != request.new_image)
      co_return co_await end_rollback(context, request,
                                      "The workload runs " + slot->image + " by now; nothing was changed");
    if (!may_return_to(*workload, *slot, request.rollback_image))
      co_return co_await set_phase(context, request, Phase::failed,
                                   "Rollback failed: spec.rollback.image " + request.rollback_image +
                                       " is not in the history of container " + std::string(slot->container()));

    const std::string now = format_rfc3339(context.clock.unix_ms());
    const Move move{*slot,
                    request.rollback_image,
                    tag_of(request.rollback_image),
                    {},
                    HistoryEntry{std::string(slot->container()),
                                 request.rollback_image,
                                 now,
                                 request.key.name,
                                 request.rollback_by,
                                 {},
                                 request.trace,
                                 request.uid}};
    const std::vector<Move> moves{move};
    const inventory::Workload before = *workload;
    workload = co_await send_moves(context, before, moves, false);
    if (workload) {
      telemetry::warn("update", "rolled back",
                      {{"workload", before.key.text()},
                       {"from", move.slot.image},
                       {"to", move.new_image},
                       {"by", request.rollback_by}});
      record_event(context, before, true, "RolledBack", move.slot.image + " -> " + move.new_image);
      context.ports.notifiers.tell(notification_of(EventType::rollback_completed, request));
      co_return co_await end_rollback(context, request, "Rolled back to " + request.rollback_image);
    }
    const Error error = workload.error();
    if (error.code == Code::denied || error.code == Code::invalid) {
      context.compat.rollbacks_failed_total.add();
      Notification notification = notification_of(EventType::rollback_failed, request);
      notification.error_message = error.message;
      context.ports.notifiers.tell(notification);
      co_return co_await set_phase(context, request, Phase::failed, "Rollback failed: " + error.message);
    }
    if (error.code != Code::conflict && error.code != Code::not_found) co_return error;
  }
  co_return make_error(Code::conflict, target_of(request).text() + ": it keeps changing while it is being rolled back");
}

Task<Result<RollbackOutcome>> order_rollback(Context& context, RollbackOrder order) {
  const inventory::Workload* found = context.inventory.find(order.target);
  if (found == nullptr)
    co_return make_error(Code::not_found, order.target.text() + " not found, or it has no headwind.sh/policy");
  const inventory::Workload workload = *found;
  const auto slot = std::find_if(workload.slots.begin(), workload.slots.end(),
                                 [&](const inventory::Slot& s) { return s.container() == order.container; });
  if (slot == workload.slots.end())
    co_return make_error(Code::not_found, order.target.text() + " has no container " + order.container);
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  const std::vector<HistoryEntry> entries = entries_of(read_history(workload.history_text()), order.container);
  const Result<HistoryEntry> target = entry_for(entries, order, *slot, requests);
  if (!target) co_return target.error();
  if (target->image == slot->image)
    co_return make_error(Code::conflict, order.target.text() + " runs " + slot->image + " already");

  context.compat.rollbacks_total.add();
  context.compat.rollbacks_manual_total.add();
  const auto running =
      std::find_if(entries.begin(), entries.end(), [&](const HistoryEntry& e) { return e.image == slot->image; });
  RollbackRecord record{
      workload,      *slot,        slot->image, running != entries.end() ? running->digest : std::string{},
      target->image, order.reason, order.user};
  const Result<UpdateRequest> recorded = co_await record_rollback(context, record);
  if (!recorded) co_return recorded.error();
  context.ports.notifiers.tell(notification_of(EventType::rollback_triggered, *recorded));
  const Result<UpdateRequest> done = co_await carry_out_rollback(context, *recorded);
  if (!done) co_return done.error();
  if (done->phase != Phase::rolled_back) co_return make_error(Code::denied, done->message);
  const inventory::Workload* after = context.inventory.find(order.target);
  const inventory::Slot* now = after != nullptr ? after->find_slot(slot->slot.str()) : nullptr;
  if (now != nullptr && now->image != target->image) co_return make_error(Code::conflict, done->message);
  co_return RollbackOutcome{target->image, done->key.name};
}

}  // namespace headwind::update
