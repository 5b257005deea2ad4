// SPDX-License-Identifier: Apache-2.0
#include "app/notice.hpp"

#include <nlohmann/json.hpp>

#include "core/clock.hpp"

namespace headwind::app {
namespace {

using update::EventType;

// 0.1.x wrote the policy as its Rust name: "Minor".
std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string_view title_of(EventType type) {
  switch (type) {
    case EventType::update_detected: return "New version detected";
    case EventType::update_request_created: return "Update request created";
    case EventType::update_approved: return "Update approved";
    case EventType::update_rejected: return "Update rejected";
    case EventType::update_completed: return "Update completed";
    case EventType::update_failed: return "Update failed";
    case EventType::rollout_completed: return "Rollout completed";
    case EventType::rollback_triggered: return "Rollback triggered";
    case EventType::rollback_completed: return "Rollback completed";
    case EventType::rollback_failed: return "Rollback failed";
  }
  return "Update";
}

std::int32_t severity_of(EventType type) {
  constexpr std::int32_t info = 2, warn = 3, error = 4;  // the HW_LOG_* scale
  if (type == EventType::update_failed || type == EventType::rollback_failed) return error;
  return type == EventType::rollback_triggered || type == EventType::rollback_completed ? warn : info;
}

}  // namespace

plugin::Event notice_of(const update::Notification& n, const Links& links) {
  using json = nlohmann::ordered_json;
  json body = {{"event", update::to_string(n.type)}, {"timestamp", format_rfc3339(n.unix_ms)}};
  json workload = {
      {"name", n.name}, {"namespace", n.name_space}, {"currentImage", n.current_image}, {"newImage", n.new_image}};
  if (!n.container.empty()) workload["container"] = n.container;
  workload["resourceKind"] = n.kind;
  body["deployment"] = std::move(workload);
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) body[key] = value;
  };
  put("policy", capitalised(n.policy));
  body["requiresApproval"] = n.requires_approval;
  std::string link;
  if (!n.request_name.empty()) {
    const std::string place = n.name_space + "/" + n.request_name;
    if (n.type == EventType::update_request_created && !links.api_url.empty())
      put("approvalUrl", links.api_url + "/api/v1/updates/" + place + "/approve");
    if (!links.ui_url.empty()) link = links.ui_url + "/updates/" + place;
    put("uiUrl", link);
    put("updateRequestName", n.request_name);
  }
  put("approvedBy", n.approved_by);
  put("rejectionReason", n.rejection_reason);
  put("errorMessage", n.error_message);

  plugin::Event event;
  event.severity = severity_of(n.type);
  event.type = update::to_string(n.type);
  event.id = n.id;
  event.subject = n.api_version.substr(0, n.api_version.find('/')) + "/" + n.kind + " " + n.name_space + "/" + n.name;
  event.old_reference = n.current_image;
  event.new_reference = n.new_image;
  event.text = std::string(title_of(n.type)) + ": " + n.kind + " " + n.name_space + "/" + n.name;
  event.link = link;
  event.unix_ms = n.unix_ms;
  event.details = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return event;
}

}  // namespace headwind::app
