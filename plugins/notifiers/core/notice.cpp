// SPDX-License-Identifier: Apache-2.0
#include "notifiers/core/notice.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;

struct Words {
  std::string_view name, type, title, emoji, color;
};

constexpr std::array words{
    Words{"update_detected", "update.detected", "New version detected", "🔔", "#2196F3"},
    Words{"update_request_created", "update.request.created", "Update request created", "📦", "#9C27B0"},
    Words{"update_approved", "update.approved", "Update approved", "✅", "#4CAF50"},
    Words{"update_rejected", "update.rejected", "Update rejected", "❌", "#F44336"},
    Words{"update_completed", "update.completed", "Update completed", "🎉", "#4CAF50"},
    Words{"update_failed", "update.failed", "Update failed", "⚠️", "#FF9800"},
    Words{"rollout_completed", "rollout.completed", "Rollout completed", "🚀", "#4CAF50"},
    Words{"rollback_triggered", "rollback.triggered", "Rollback triggered", "🔄", "#FF9800"},
    Words{"rollback_completed", "rollback.completed", "Rollback completed", "✅", "#4CAF50"},
    Words{"rollback_failed", "rollback.failed", "Rollback failed", "💥", "#F44336"},
};
constexpr std::size_t max_kind = 63;  // of names that stand before or between other text
constexpr Words other{"", "", "", "ℹ️", "#2196F3"};

std::string text_at(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

std::string web_url(std::string url) {
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7F && c != '"'; });
  // A button with another URL makes Slack refuse the whole message.
  if (!web || !plain || url.size() > 3000) url.clear();
  return url;
}

bool read_notice(std::string_view details, std::string_view type, std::string_view text, std::int64_t unix_ms,
                 Notice& out, std::string& error) {
  const json body = json::parse(details, nullptr, false);
  if (!body.is_object()) {
    error = "the event has no JSON object as its details";
    return false;
  }
  const std::string name = text_at(body, "event");
  const auto known = std::find_if(words.begin(), words.end(), [&](const Words& w) { return w.name == name; });
  const Words& use = known == words.end() ? other : *known;
  const json none = json::object();
  const auto it = body.find("deployment");
  const json& deployment = it != body.end() && it->is_object() ? *it : none;

  out = Notice();
  out.name = use.name;
  out.type = use.type.empty() ? shorten(type, max_kind) : std::string(use.type);
  out.emoji = use.emoji;
  out.color = use.color;
  out.kind = shorten(text_at(deployment, "resourceKind"), max_kind);
  if (out.kind.empty()) out.kind = "Deployment";
  if (out.kind == "HelmRelease") out.kind = "Helm Release";
  out.workload = text_at(deployment, "name");
  out.workspace = text_at(deployment, "namespace");
  const std::string subject = out.kind + " " + out.workspace + "/" + out.workload;
  if (!use.title.empty())
    out.title = std::string(use.title) + ": " + subject;
  else
    out.title = text.empty() ? std::string(type) + ": " + subject : std::string(text);
  out.container = text_at(deployment, "container");
  out.current_image = text_at(deployment, "currentImage");
  out.new_image = text_at(deployment, "newImage");
  out.policy = text_at(body, "policy");
  out.approved_by = text_at(body, "approvedBy");
  out.rejection_reason = text_at(body, "rejectionReason");
  out.error = text_at(body, "errorMessage");
  out.dashboard_url = web_url(text_at(body, "uiUrl"));
  out.approve_url = web_url(text_at(body, "approvalUrl"));
  out.unix_ms = unix_ms;
  return true;
}

std::vector<Fact> facts_of(const Notice& notice, std::size_t prose_limit) {
  constexpr std::size_t max_name = 253, max_container = 100, max_image = 400, max_policy = 128, max_person = 256;
  std::vector<Fact> facts;
  const auto add = [&](std::string label, std::string_view value, std::size_t limit, bool image, bool prose) {
    if (!value.empty()) facts.push_back({std::move(label), shorten(value, limit), image, prose});
  };
  add("Namespace", notice.workspace, max_name, false, false);
  add(notice.kind, notice.workload, max_name, false, false);
  add("Container", notice.container, max_container, false, false);
  add("Current Image", notice.current_image, max_image, true, false);
  add("New Image", notice.new_image, max_image, true, false);
  add("Policy", notice.policy, max_policy, false, false);
  const bool rejected = notice.name == "update_rejected", back = notice.name.starts_with("rollback");
  add(rejected ? "Rejected By" : back ? "By" : "Approved By", notice.approved_by, max_person, false, false);
  add("Rejection Reason", notice.rejection_reason, prose_limit, false, true);
  add(back ? "Reason" : "Error", notice.error, prose_limit, false, true);
  return facts;
}

}  // namespace headwind::notifiers
