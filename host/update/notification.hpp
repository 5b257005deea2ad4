// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace headwind::update {

enum class EventType : std::uint8_t {
  update_detected,
  update_request_created,
  update_approved,
  update_rejected,
  update_completed,
  update_failed,
  rollout_completed,
  rollback_triggered,
  rollback_completed,
  rollback_failed
};
// "update_completed": the name in JSON and in notifiers' configuration.
std::string_view to_string(EventType type);

// What a person is told. The id is the same for the same happening, also after a restart (decisions 27).
struct Notification {
  EventType type = EventType::update_detected;
  std::string id;
  std::int64_t unix_ms = 0;
  std::string api_version, kind, name_space, name, container;
  std::string current_image, new_image;
  std::string policy;  // as in annotations: "minor"
  bool requires_approval = false;
  std::string request_name;                                  // empty where no UpdateRequest exists
  std::string approved_by, rejection_reason, error_message;  // empty where they do not apply
  std::string trace;
};

}  // namespace headwind::update
