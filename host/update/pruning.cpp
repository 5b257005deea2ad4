// SPDX-License-Identifier: Apache-2.0
#include "update/pruning.hpp"

#include <algorithm>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "telemetry/log.hpp"
#include "update/memory.hpp"
#include "update/request_status.hpp"
#include "update/rollout_due.hpp"
#include "update/settings.hpp"

namespace headwind::update {
namespace {

bool is_finished(const UpdateRequest& request) {
  return !request.rollback && !request.deleting && !is_awaited(request, false) &&
         (request.phase == Phase::completed || request.phase == Phase::superseded || request.phase == Phase::expired);
}

// Whether the slot moved on to something newer than the remembered version.
Task<bool> is_overtaken(Context& context, inventory::Workload workload, UpdateRequest request) {
  const inventory::Slot* slot = concerned_slot(workload, request);
  if (slot == nullptr) co_return false;
  const auto bad = inventory::read_reference(*slot, request.new_image),
             now = inventory::read_reference(*slot, slot->image);
  if (!bad || !now || bad->tag == now->tag || now->tag.empty()) co_return false;
  const Settings settings = read_settings(workload, context.options.min_update_interval, context.clock.unix_ms());
  if (settings.skipped() || settings.policy == "none" || settings.policy == "force") co_return false;
  PolicyQuery query{settings.policy, settings.pattern,      slot->repository, bad->tag, {}, slot->slot, &workload,
                    false,           settings.policy_config};
  std::vector<Candidate> candidates{{now->tag, {}}};
  const Result<Choice> choice = co_await context.ports.policies.choose(query, candidates);
  co_return choice && choice->verdict == Verdict::update;
}

Task<> erase(Context& context, UpdateRequest request) {
  const Result<> removed = co_await remove_request(context, request);
  if (!removed)
    telemetry::warn("update", "finished request not removed",
                    {{"request", request.key.text()}, {"error", removed.error().message}});
}

// Nothing else may happen to this workload until its oldest request is too old.
void come_back(Context& context, const inventory::WorkloadKey& target, const std::vector<UpdateRequest>& requests,
               std::int64_t now, const Keeping& keeping) {
  std::int64_t next = 0;
  for (const UpdateRequest& request : requests) {
    const std::int64_t due = request.last_updated_ms + keeping.for_ms;
    const bool ends = is_finished(request) || is_remembered(request);
    if (ends && due > now && (next == 0 || due < next)) next = due;
  }
  if (next != 0) context.queue->add_at(target, next);
}

}  // namespace

std::vector<UpdateRequest> superfluous(std::vector<UpdateRequest> requests, std::int64_t now_ms, Keeping keeping) {
  std::erase_if(requests, [](const UpdateRequest& request) { return !is_finished(request); });
  std::sort(requests.begin(), requests.end(), [](const UpdateRequest& left, const UpdateRequest& right) {
    return left.last_updated_ms > right.last_updated_ms;
  });
  std::size_t place = 0;
  std::erase_if(requests, [&](const UpdateRequest& request) {
    return ++place <= keeping.count && now_ms - request.last_updated_ms < keeping.for_ms;
  });
  return requests;
}

Task<> prune(Context& context, inventory::WorkloadKey target) {
  const std::vector<UpdateRequest> requests = context.requests.naming(target);
  if (requests.empty()) {
    context.gone_since.erase(target);
    co_return;
  }
  const std::int64_t now = context.clock.unix_ms();
  const Keeping keeping{context.options.kept_finished, context.options.kept_for.count()};
  come_back(context, target, requests, now, keeping);
  const std::vector<UpdateRequest> old = superfluous(requests, now, keeping);
  for (const UpdateRequest& request : old) co_await erase(context, request);
  for (const UpdateRequest& request : requests) {
    const bool settled =
        request.phase == Phase::rejected || request.phase == Phase::failed || request.phase == Phase::rolled_back;
    if (!settled || request.deleting || !is_remembered(request)) continue;
    // Kept for a person to read for as long as finished ones are.
    if (now - request.last_updated_ms < keeping.for_ms) continue;
    const inventory::Workload* found = context.inventory.find(target);
    const bool of_it = found != nullptr && (request.target_uid.empty() || request.target_uid == found->uid);
    bool moot = !of_it;
    if (of_it) {
      const inventory::Workload workload = *found;
      moot = co_await is_overtaken(context, workload, request);
    }
    if (moot) co_await erase(context, request);
  }
}

}  // namespace headwind::update
