// SPDX-License-Identifier: Apache-2.0
#include "update/replay.hpp"

#include <algorithm>
#include <utility>

#include "update/history.hpp"
#include "update/settings.hpp"

namespace headwind::update {
namespace {

void add_history(const inventory::Workload& workload, std::int64_t since_ms, std::vector<Notification>& out) {
  const std::vector<HistoryEntry> entries = read_history(workload.history_text());
  const std::string* policy = workload.annotation(annotation::policy);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const HistoryEntry& entry = entries[i];
    const auto moment = parse_rfc3339(entry.timestamp);
    if (!moment || *moment <= since_ms || !entry.request_name.empty() || entry.digest.empty()) continue;
    const auto slot = std::find_if(workload.slots.begin(), workload.slots.end(),
                                   [&](const inventory::Slot& s) { return s.container() == entry.container; });
    if (slot == workload.slots.end()) continue;
    const auto before = std::find_if(entries.begin() + static_cast<std::ptrdiff_t>(i) + 1, entries.end(),
                                     [&](const HistoryEntry& e) { return e.container == entry.container; });
    inventory::Slot was = *slot;
    was.image = before != entries.end() ? before->image : std::string{};
    Notification done =
        notification_of(EventType::update_completed, workload, was, entry.image, entry.digest, entry.timestamp);
    done.unix_ms = *moment;
    done.policy = policy != nullptr ? *policy : std::string{};
    Notification detected = done;
    detected.type = EventType::update_detected;
    detected.id =
        notification_of(EventType::update_detected, workload, was, entry.image, entry.digest, entry.timestamp).id;
    out.push_back(std::move(detected));
    out.push_back(std::move(done));
  }
}

void add_request(const UpdateRequest& request, std::int64_t since_ms, std::vector<Notification>& out) {
  const auto add = [&](EventType type) {
    Notification notification = notification_of(type, request);
    if (notification.unix_ms > since_ms) out.push_back(std::move(notification));
  };
  if (request.rollback) {
    if (request.rollback_by.empty()) return;  // somebody undid it outside Headwind
    add(EventType::rollback_triggered);
    if (request.phase == Phase::rolled_back) add(EventType::rollback_completed);
    const Condition* came_up = request.find_condition(condition::rolled_back);
    if (request.phase == Phase::failed || (came_up != nullptr && came_up->status == "False"))
      add(EventType::rollback_failed);
    return;
  }
  if (request.identity.empty() && request.phase == Phase::pending) return;  // made by hand: nobody was told
  if (request.phase == Phase::pending) {
    add(EventType::update_detected);
    add(EventType::update_request_created);
  }
  if (request.approved_at_ms != 0 && !request.approved_by.empty()) add(EventType::update_approved);
  // One that nobody approved remembers an automatic update, which the history tells.
  if (request.phase == Phase::completed && request.approved_at_ms != 0) add(EventType::update_completed);
  const Condition* rolled_out = request.find_condition(condition::rolled_out);
  if (rolled_out != nullptr && rolled_out->status == "True") add(EventType::rollout_completed);
  if (request.phase == Phase::failed) add(EventType::update_failed);
  if (request.phase == Phase::rejected) add(EventType::update_rejected);
}

}  // namespace

std::vector<Notification> happened_since(const Context& context, std::int64_t since_ms) {
  std::vector<Notification> all;
  for (const inventory::WorkloadKey& key : context.inventory.all())
    add_history(*context.inventory.find(key), since_ms, all);
  for (const UpdateRequest& request : context.requests.all()) add_request(request, since_ms, all);
  // Of one moment, in the order in which such things happen.
  std::sort(all.begin(), all.end(), [](const Notification& left, const Notification& right) {
    return std::pair(left.unix_ms, left.type) < std::pair(right.unix_ms, right.type);
  });
  return all;
}

}  // namespace headwind::update
