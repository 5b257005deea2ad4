// SPDX-License-Identifier: Apache-2.0
// The requests that remember what was left, or must be left.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/text.hpp"
#include "inventory/slot_reference.hpp"
#include "update/conditions.hpp"
#include "update/history.hpp"
#include "update/memory.hpp"
#include "update/proposal.hpp"
#include "update/request_status.hpp"
#include "update/rollback.hpp"
#include "update/rollout_outcome.hpp"

namespace headwind::update {
namespace {

using nlohmann::json;

// Requests that ended without bringing their version anywhere say nothing of what runs.
bool came_to_nothing(const UpdateRequest& request) {
  return request.phase == Phase::superseded || request.phase == Phase::expired || request.phase == Phase::rejected;
}

// The request that brought the version to the slot: `named` where that is known, else one about the same digest.
const UpdateRequest* request_of(const std::vector<UpdateRequest>& requests, const inventory::Slot& slot,
                                const std::string& image, const std::string& digest,
                                const std::optional<RequestKey>& named) {
  const auto found = std::find_if(requests.begin(), requests.end(), [&](const UpdateRequest& request) {
    if (request.deleting) return false;
    if (named) return request.key == *named;
    const bool same = request.digest.empty() || digest.empty() || request.digest == digest;
    return !came_to_nothing(request) && concerns(request, slot) && request.new_image == image && same;
  });
  return found == requests.end() ? nullptr : &*found;
}

// A new request about a bad version in `slot`, in the place of what remembered the very same version before.
Task<Result<UpdateRequest>> remember(Context& context, std::vector<UpdateRequest> requests, UpdateRequest memory,
                                     inventory::Slot slot) {
  for (const UpdateRequest& old : requests) {
    if (old.identity != memory.identity) continue;
    const UpdateRequest one = old;
    const Result<> removed = co_await remove_request(context, one);
    if (!removed) co_return removed.error();
  }
  co_return co_await create_request(context, memory, memory.container, inventory::tag_in(slot, memory.new_image));
}

// A request about `bad_image` in `slot`, which ran `good_image` before.
UpdateRequest draft(const inventory::Workload& workload, const inventory::Slot& slot, const std::string& bad_image,
                    const std::string& bad_digest, const std::string& good_image) {
  UpdateRequest request = request_about(workload, slot, good_image, bad_image, bad_digest);
  const std::string* policy = workload.annotation(annotation::policy);
  request.policy = policy != nullptr ? to_lower(trim(*policy)) : "none";
  return request;
}

// What ran in the slot before `image`, whatever became of it.
std::string before(const inventory::Workload& workload, const inventory::Slot& slot, const std::string& image) {
  for (const HistoryEntry& entry : entries_of(read_history(workload.history_text()), slot.container()))
    if (entry.image != image) return entry.image;
  return image;
}

// The request that brought `subject`, or a new one that remembers `what` became of it.
Task<Result<UpdateRequest>> request_that_brought(Context& context, inventory::Workload workload, RolloutSubject subject,
                                                 std::string what) {
  const inventory::Slot* found = workload.find_slot(subject.slot.str());
  if (found == nullptr) co_return make_error(Code::not_found, workload.key.text() + " has no " + subject.slot.str());
  const inventory::Slot slot = *found;
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  const UpdateRequest* known = request_of(requests, slot, subject.image, subject.digest, subject.request);
  if (known != nullptr) co_return *known;
  UpdateRequest request = draft(workload, slot, subject.image, subject.digest, before(workload, slot, subject.image));
  request.reason = "Remembers that " + what;
  co_return co_await remember(context, requests, request, slot);
}

}  // namespace

Task<Result<UpdateRequest>> record_rollback(Context& context, RollbackRecord record) {
  const std::vector<UpdateRequest> requests = context.requests.of(record.workload.key, record.workload.uid);
  const UpdateRequest* known = request_of(requests, record.slot, record.bad_image, record.bad_digest, record.request);
  // One that remembers an earlier time cannot be changed to where it goes now: it makes room.
  if (known != nullptr && (known->rollback || known->phase == Phase::failed)) known = nullptr;
  if (known != nullptr) {
    json rollback = {{"image", record.good_image}, {"reason", record.reason}, {"by", record.by}};
    const std::string merge = json({{"spec", {{"action", "rollback"}, {"rollback", rollback}}}})
                                  .dump(-1, ' ', false, json::error_handler_t::replace);
    Result<UpdateRequest> written = co_await context.ports.requests.patch_spec(known->key, merge, {});
    if (written) store(context, *written);
    co_return written;
  }
  UpdateRequest request = draft(record.workload, record.slot, record.bad_image, record.bad_digest, record.good_image);
  request.reason = "Remembers that " + record.bad_image + " was left for " + record.good_image;
  request.rollback = true;
  request.rollback_image = record.good_image;
  request.rollback_reason = record.reason;
  request.rollback_by = record.by;
  co_return co_await remember(context, requests, request, record.slot);
}

Task<Result<UpdateRequest>> remember_failure(Context& context, inventory::Workload workload, RolloutSubject subject,
                                             std::string why) {
  const Result<UpdateRequest> request =
      co_await request_that_brought(context, workload, subject, "the rollout of " + subject.image + " failed");
  if (!request) co_return request;
  std::vector<Condition> verdict{
      {std::string(condition::rolled_out), "False", std::string(rollout_reason::failed), why, 0}};
  co_return co_await write_conditions(context, *request, verdict, std::string(to_string(Phase::failed)),
                                      "Update failed: " + why);
}

Task<Result<UpdateRequest>> remember_held(Context& context, inventory::Workload workload, RolloutSubject subject,
                                          std::string why) {
  const Result<UpdateRequest> request =
      co_await request_that_brought(context, workload, subject, "the rollout of " + subject.image + " is held");
  if (!request) co_return request;
  std::vector<Condition> stand{
      {std::string(condition::rolled_out), "Unknown", std::string(rollout_reason::held), why, 0}};
  co_return co_await write_conditions(context, *request, stand, std::string(to_string(Phase::completed)),
                                      "Updated automatically; its rollout was held: " + why);
}

}  // namespace headwind::update
