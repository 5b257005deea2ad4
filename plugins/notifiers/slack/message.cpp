// SPDX-License-Identifier: Apache-2.0
#include "notifiers/slack/message.hpp"

#include <nlohmann/json.hpp>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
// Slack refuses the whole message beyond these, and beyond about 13,200 characters in all blocks together: two URLs of
// 3,000 and these fields in full stay below.
constexpr std::size_t max_header = 150, max_field = 2000;
constexpr std::size_t max_name = 300, max_image = 600, max_person = 500;

json plain(std::string text) { return {{"type", "plain_text"}, {"text", std::move(text)}, {"emoji", true}}; }

// "*Policy:*\nMinor". `around` is a code mark on both sides, or nothing.
void add_field(json& fields, const std::string& name, std::string value, std::size_t limit,
               std::string_view around = "") {
  if (value.empty()) return;
  // A code mark inside would end the code early.
  if (!around.empty())
    for (auto at = value.find(around); at != std::string::npos; at = value.find(around))
      value.replace(at, around.size(), "'");
  const std::string mark(around);
  const std::string head = "*" + name + ":*\n" + mark;
  fields.push_back(
      {{"type", "mrkdwn"}, {"text", head + escape_slack(value, limit - head.size() - mark.size()) + mark}});
}

json button(std::string text, const std::string& url, const char* action) {
  return {{"type", "button"}, {"text", plain(std::move(text))}, {"url", url}, {"action_id", action}};
}

}  // namespace

std::string slack_message(const Notice& notice, std::string_view username, std::string_view icon_emoji) {
  json blocks = json::array();
  blocks.push_back({{"type", "header"}, {"text", plain(shorten(notice.emoji + " " + notice.title, max_header))}});

  json where = json::array();
  add_field(where, "Namespace", notice.workspace, max_name);
  add_field(where, notice.kind, notice.workload, max_name);
  add_field(where, "Current Image", notice.current_image, max_image, "`");
  add_field(where, "New Image", notice.new_image, max_image, "`");
  if (!where.empty()) blocks.push_back({{"type", "section"}, {"fields", where}});

  json why = json::array();
  add_field(why, "Policy", notice.policy, max_name);
  add_field(why, "Approved by", notice.approved_by, max_person);
  add_field(why, "Rejection reason", notice.rejection_reason, max_field);
  add_field(why, "Error", notice.error, max_field, "```");
  if (!why.empty()) blocks.push_back({{"type", "section"}, {"fields", why}});

  json buttons = json::array();
  if (!notice.dashboard_url.empty()) {
    buttons.push_back(button("View in Dashboard", notice.dashboard_url, "view_dashboard"));
    buttons.back()["style"] = "primary";
  }
  if (!notice.approve_url.empty()) buttons.push_back(button("Approve", notice.approve_url, "approve_update"));
  if (!buttons.empty()) blocks.push_back({{"type", "actions"}, {"elements", buttons}});

  const std::string date = "<!date^" + std::to_string(notice.unix_ms / 1000) + "^{date_short_pretty} at {time}|" +
                           format_time(notice.unix_ms) + ">";
  const json when = {{"type", "mrkdwn"}, {"text", date}};
  blocks.push_back({{"type", "context"}, {"elements", json::array({when})}});

  const json attachment = {{"color", notice.color}, {"fallback", escape_slack(notice.title, max_name)}};
  json message = {{"blocks", blocks}, {"attachments", json::array({attachment})}};
  if (!username.empty()) message["username"] = username;
  if (!icon_emoji.empty()) message["icon_emoji"] = icon_emoji;
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace headwind::notifiers
