// SPDX-License-Identifier: Apache-2.0
#include "update/rollout_due.hpp"

#include <algorithm>
#include <utility>

#include "inventory/slot_reference.hpp"
#include "update/history.hpp"
#include "update/memory.hpp"
#include "update/rollback.hpp"
#include "update/rollout_outcome.hpp"

namespace headwind::update {
namespace {

// So much longer than its timeout an automatic update is taken up again: it may have ended while nobody looked. Longer
// than it takes to start the operator on another node; not so long that pods that fail for another reason are blamed on
// the update.
constexpr std::chrono::milliseconds taken_up{600'000};
constexpr std::chrono::hours taken_up_without_limit{24};

std::int64_t window_of(const Settings& settings) {
  if (settings.rollback_timeout.count() == 0) return std::chrono::milliseconds(taken_up_without_limit).count();
  return (std::chrono::milliseconds(settings.rollback_timeout) + taken_up).count();
}

std::int64_t moment_of(const HistoryEntry& entry) {
  const auto moment = parse_rfc3339(entry.timestamp);
  return moment ? *moment : 0;
}

RolloutSubject subject_of(const UpdateRequest& request, const inventory::Slot& slot, bool going_back,
                          const std::vector<HistoryEntry>& ran) {
  const auto entry = std::find_if(ran.begin(), ran.end(), [&](const HistoryEntry& e) {
    return !request.uid.empty() && e.request_uid == request.uid;
  });
  // One that was made for an automatic update that is held: its patch names no request.
  const bool automatic = entry == ran.end() && !going_back && !ran.empty() && ran.front().request_name.empty() &&
                         ran.front().image == request.new_image && ran.front().digest == request.digest;
  const std::int64_t patched = entry != ran.end() ? moment_of(*entry)
                               : automatic        ? moment_of(ran.front())
                                                  : request.last_updated_ms;
  return {slot.slot,
          going_back ? request.rollback_image : request.new_image,
          going_back ? std::string() : request.digest,
          patched,
          request.key,
          going_back};
}

// An automatic update of the slot, young enough to be still under way.
std::optional<RolloutSubject> automatic(const Context& context, const inventory::Workload& workload,
                                        const inventory::Slot& slot, const std::vector<HistoryEntry>& ran,
                                        const std::vector<UpdateRequest>& requests, const Settings& settings) {
  if (ran.empty() || !inventory::runs(slot, ran.front().image, ran.front().digest)) return std::nullopt;
  const HistoryEntry& entry = ran.front();
  const std::int64_t patched = moment_of(entry);
  if (entry.digest.empty() || !entry.request_name.empty() || patched == 0) return std::nullopt;
  if (context.rollouts.is_concluded(workload.key, patched) || is_bad(requests, slot, slot.image, entry.digest))
    return std::nullopt;
  const bool followed = context.rollouts.followed().contains(workload.key);  // held ones for as long as it takes
  const std::int64_t age = context.clock.unix_ms() - patched;
  if (!followed && age > window_of(settings)) return std::nullopt;
  return RolloutSubject{slot.slot, entry.image, entry.digest, patched, std::nullopt, false};
}

}  // namespace

bool awaits(const UpdateRequest& request, std::string_view type) {
  const Condition* condition = request.find_condition(type);
  return condition != nullptr && condition->status == "Unknown" &&
         (condition->reason == rollout_reason::following || condition->reason == rollout_reason::held ||
          condition->reason == rollout_reason::not_seen);
}

bool is_awaited(const UpdateRequest& request, bool going_back) {
  if (going_back) return request.phase == Phase::rolled_back && awaits(request, condition::rolled_back);
  return request.phase == Phase::completed && !request.rollback && awaits(request, condition::rolled_out);
}

std::int64_t began_at(const Context& context, const std::vector<RolloutSubject>& subjects, const Settings& settings) {
  const std::int64_t now = context.clock.unix_ms();
  std::int64_t began = 0;
  for (const RolloutSubject& subject : subjects) {
    began = std::max(began, subject.patched_ms);
    const UpdateRequest* request = subject.request ? context.requests.find(*subject.request) : nullptr;
    const Condition* stands = request == nullptr ? nullptr : request->find_condition(condition_type(subject));
    if (stands != nullptr) began = std::max(began, stands->reason == rollout_reason::held ? now : stands->since_ms);
  }
  // It may have come up while nobody looked, and a pod that is replaced just now is no failure.
  const std::int64_t timeout = std::chrono::milliseconds(settings.rollback_timeout).count();
  return timeout > 0 && began + timeout <= now ? now : began;
}

bool is_recent(const Context& context, const Settings& settings) {
  return settings.last_update_ms && context.clock.unix_ms() - *settings.last_update_ms <= window_of(settings);
}

Due due_of(Context& context, const inventory::Workload& workload, const Settings& settings) {
  Due due;
  const std::vector<UpdateRequest> requests = context.requests.of(workload.key, workload.uid);
  const auto awaited = [](const UpdateRequest& request) {
    return is_awaited(request, false) || is_awaited(request, true);
  };
  // Most requests wait for a person: their workloads' histories need not be read.
  if (!context.rollouts.followed().contains(workload.key) && !is_recent(context, settings) &&
      std::none_of(requests.begin(), requests.end(), awaited))
    return due;
  const std::vector<HistoryEntry> history = read_history(workload.history_text());
  for (const inventory::Slot& slot : workload.slots) {
    const std::vector<HistoryEntry> ran = entries_of(history, slot.container());
    bool asked_for = false;
    for (const UpdateRequest& request : requests) {
      for (const bool going_back : {false, true}) {
        if (!concerns(request, slot) || !is_awaited(request, going_back)) continue;
        RolloutSubject subject = subject_of(request, slot, going_back, ran);
        const bool runs =
            going_back ? runs_rollback(slot, request) : inventory::runs(slot, request.new_image, request.digest);
        asked_for = asked_for || runs;
        (runs ? due.subjects : due.replaced).push_back(std::move(subject));
      }
    }
    if (asked_for) continue;
    if (auto subject = automatic(context, workload, slot, ran, requests, settings))
      due.subjects.push_back(std::move(*subject));
  }
  return due;
}

}  // namespace headwind::update
