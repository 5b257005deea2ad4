// SPDX-License-Identifier: Apache-2.0
#include "update/notification.hpp"

namespace headwind::update {

std::string_view to_string(EventType type) {
  switch (type) {
    case EventType::update_detected: return "update_detected";
    case EventType::update_request_created: return "update_request_created";
    case EventType::update_approved: return "update_approved";
    case EventType::update_rejected: return "update_rejected";
    case EventType::update_completed: return "update_completed";
    case EventType::update_failed: return "update_failed";
    case EventType::rollout_completed: return "rollout_completed";
    case EventType::rollback_triggered: return "rollback_triggered";
    case EventType::rollback_completed: return "rollback_completed";
    case EventType::rollback_failed: return "rollback_failed";
  }
  return "update_detected";
}

}  // namespace headwind::update
