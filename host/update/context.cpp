// SPDX-License-Identifier: Apache-2.0
#include "update/context.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "telemetry/log.hpp"

namespace headwind::update {
namespace {

std::string event_id(EventType type, std::initializer_list<std::string_view> parts) {
  std::string text(to_string(type));
  for (const auto part : parts) text.append("\n").append(part);
  return sha256_hex(text).substr(0, 32);
}

// What tells the happenings of one request apart, such that a restart finds the same.
std::string moment_of(EventType type, const UpdateRequest& request) {
  std::string moment = request.uid + "/" + std::string(to_string(type));
  // A request that was opened again is proposed again: its expiry is another.
  if (type == EventType::update_request_created || type == EventType::update_detected)
    moment += "/" + std::to_string(request.expires_at_ms.value_or(0));
  return moment;
}

// The sentence of a request that failed, without what it begins with.
std::string said_of_failure(const UpdateRequest& request) {
  for (const std::string_view prefix : {"Update failed: ", "Rollback failed: "})
    if (request.message.starts_with(prefix)) return request.message.substr(prefix.size());
  return request.message;
}

// When it happened, as the request itself recorded it.
std::int64_t time_of(EventType type, const UpdateRequest& request) {
  switch (type) {
    case EventType::update_detected:
    case EventType::update_request_created: return std::max(request.created_ms, request.last_updated_ms);
    case EventType::update_approved: return request.approved_at_ms;
    case EventType::update_rejected: return request.rejected_at_ms;
    case EventType::rollback_triggered:
    case EventType::rollback_completed: {
      const Condition* rolled_out = request.find_condition(condition::rolled_out);
      if (rolled_out != nullptr && rolled_out->status == "False") return rolled_out->since_ms;
      // Under way: now.
      return request.phase == Phase::rolled_back || request.phase == Phase::failed ? request.last_updated_ms : 0;
    }
    case EventType::rollback_failed: {
      const Condition* came_up = request.find_condition(condition::rolled_back);
      return came_up != nullptr && came_up->status == "False" ? came_up->since_ms : request.last_updated_ms;
    }
    case EventType::rollout_completed: {
      const Condition* rolled_out = request.find_condition(condition::rolled_out);
      return rolled_out != nullptr ? rolled_out->since_ms : request.last_updated_ms;
    }
    default: return request.last_updated_ms;
  }
}

}  // namespace

Notification notification_of(EventType type, const inventory::Workload& workload, const inventory::Slot& slot,
                             const std::string& new_image, const std::string& digest, const std::string& moment) {
  Notification notification;
  notification.type = type;
  notification.id = event_id(type, {workload.uid, slot.slot.str(), new_image, digest, moment});
  notification.api_version = workload.api_version;
  notification.kind = workload.key.kind;
  notification.name_space = workload.key.name_space;
  notification.name = workload.key.name;
  if (!slot.chart) notification.container = slot.container();
  notification.current_image = slot.image;
  notification.new_image = new_image;
  return notification;
}

Notification notification_of(EventType type, const UpdateRequest& request) {
  Notification notification;
  notification.type = type;
  notification.id =
      event_id(type, {request.uid, request.slot, request.new_image, request.digest, moment_of(type, request)});
  notification.unix_ms = time_of(type, request);
  notification.api_version = request.target_api_version;
  notification.kind = request.target_kind;
  notification.name_space = request.target_namespace;
  notification.name = request.target_name;
  notification.container = request.container;
  notification.current_image = request.current_image;
  notification.new_image = request.new_image;
  notification.policy = request.policy;
  notification.requires_approval = request.require_approval;
  notification.request_name = request.key.name;
  notification.approved_by = request.approved_by;
  notification.trace = request.trace;
  if (type == EventType::update_failed) notification.error_message = said_of_failure(request);
  if (type == EventType::update_rejected) {
    notification.approved_by = request.rejected_by;  // 0.1.x: carries the rejector too
    notification.rejection_reason = request.message == "Rejected by user" ? "No reason provided" : request.message;
  }
  if (type == EventType::rollback_triggered || type == EventType::rollback_completed ||
      type == EventType::rollback_failed) {
    notification.current_image = request.new_image;  // the bad one; as 0.1.x told it
    notification.new_image = request.rollback_image;
    notification.approved_by = request.rollback_by;
    notification.error_message = request.rollback_reason;
    const Condition* came_up = request.find_condition(condition::rolled_back);
    const bool failed_too = came_up != nullptr && came_up->status == "False";
    if (type == EventType::rollback_failed)
      notification.error_message = failed_too ? came_up->message : said_of_failure(request);
  }
  return notification;
}

void record_event(Context& context, const inventory::Workload& workload, bool warning, std::string_view reason,
                  const std::string& message) {
  context.events.put(workload.key, {context.clock.unix_ms(), warning, std::string(reason), message});
  context.ports.events.record(workload.key, workload.api_version, workload.uid, warning, reason, message);
}

void record_event(Context& context, const UpdateRequest& request, bool warning, std::string_view reason,
                  const std::string& message) {
  const inventory::WorkloadKey target = target_of(request);
  if (const inventory::Workload* workload = context.inventory.find(target))
    return record_event(context, *workload, warning, reason, message);
  if (!request.target_uid.empty() && request.target_namespace == request.key.name_space)
    context.ports.events.record(target, request.target_api_version, request.target_uid, warning, reason, message);
}

void store(Context& context, UpdateRequest request) {
  context.requests.put(std::move(request));
  context.compat.updates_pending.set(static_cast<double>(context.requests.pending()));
}

void finish_hint(Context& context, const std::string& key) {
  context.hints.erase(key, context.clock.unix_ms());
  context.inbox.remove(key);
  context.compat.webhook_events_processed.add();
  context.metrics.inbox.set(static_cast<double>(context.hints.size()));
}

}  // namespace headwind::update
