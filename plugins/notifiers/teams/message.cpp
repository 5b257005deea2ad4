// SPDX-License-Identifier: Apache-2.0
#include "notifiers/teams/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
// The whole message may have about 28 KB: all of these in full, three bytes a character, and two URLs of 3,000.
constexpr std::size_t max_title = 300, max_name = 300, max_image = 600, max_policy = 200, max_person = 400,
                      max_reason = 1500, max_error = 2000;

std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  std::string host(url.substr(0, url.find(':')));
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return host;
}

json facts(const Notice& notice) {
  json out = json::array();
  const auto add = [&](const std::string& title, std::string value) {
    if (!value.empty()) out.push_back({{"title", title}, {"value", std::move(value)}});
  };
  add("Namespace", shorten(notice.workspace, max_name));
  add(notice.kind, shorten(notice.workload, max_name));
  add("Current Image", shorten(notice.current_image, max_image));
  add("New Image", shorten(notice.new_image, max_image));
  add("Policy", shorten(notice.policy, max_policy));
  // What people and servers wrote is shown as they wrote it: no links, no emphasis.
  add("Approved By", escape_markdown(notice.approved_by, max_person));
  add("Rejection Reason", escape_markdown(notice.rejection_reason, max_reason));
  add("Error", escape_markdown(notice.error, max_error));
  return out;
}

std::string dump(const json& message) { return message.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

Card choose_card(std::string_view setting, std::string_view url) {
  if (setting == "adaptive_card") return Card::adaptive;
  if (setting == "message_card") return Card::message;
  static constexpr std::array workflows{"powerautomate.com", "powerplatform.com", "flow.microsoft.com",
                                        "logic.azure.com"};
  const std::string host = host_of(url);
  const bool workflow = std::any_of(workflows.begin(), workflows.end(), [&](std::string_view domain) {
    return host == domain || host.ends_with("." + std::string(domain));
  });
  return workflow ? Card::adaptive : Card::message;
}

std::string message_card(const Notice& notice) {
  const std::string title = escape_markdown(notice.title, max_title);
  const json section = {
      {"activityTitle", notice.emoji + " " + title},
      {"activitySubtitle", "Event: " + notice.type},
      {"activityImage", "https://raw.githubusercontent.com/kubernetes/kubernetes/master/logo/logo.png"},
      {"facts", facts(notice)},
      {"markdown", true}};
  json card = {{"@type", "MessageCard"},
               {"@context", "https://schema.org/extensions"},
               {"summary", shorten(notice.title, max_title)},
               {"themeColor", notice.color.substr(notice.color.starts_with('#') ? 1 : 0)},
               {"sections", json::array({section})}};
  json actions = json::array();
  const auto add = [&](const char* name, const std::string& url) {
    const json target = {{"os", "default"}, {"uri", url}};
    if (!url.empty()) actions.push_back({{"@type", "OpenUri"}, {"name", name}, {"targets", json::array({target})}});
  };
  add("View in Dashboard", notice.dashboard_url);
  add("Approve Update", notice.approve_url);
  if (!actions.empty()) card["potentialAction"] = actions;
  return dump(card);
}

std::string adaptive_card(const Notice& notice) {
  const json title = {{"type", "TextBlock"},
                      {"text", notice.emoji + " " + escape_markdown(notice.title, max_title)},
                      {"weight", "Bolder"},
                      {"size", "Medium"},
                      {"wrap", true}};
  const json subtitle = {{"type", "TextBlock"},
                         {"text", "Event: " + notice.type},
                         {"isSubtle", true},
                         {"spacing", "None"},
                         {"wrap", true}};
  const json table = {{"type", "FactSet"}, {"facts", facts(notice)}};
  json card = {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
               {"type", "AdaptiveCard"},
               {"version", "1.4"},
               {"body", json::array({title, subtitle, table})},
               {"msteams", {{"width", "Full"}}}};
  json actions = json::array();
  const auto add = [&](const char* name, const std::string& url) {
    if (!url.empty()) actions.push_back({{"type", "Action.OpenUrl"}, {"title", name}, {"url", url}});
  };
  add("View in Dashboard", notice.dashboard_url);
  add("Approve Update", notice.approve_url);
  if (!actions.empty()) card["actions"] = actions;
  const json attachment = {
      {"contentType", "application/vnd.microsoft.card.adaptive"}, {"contentUrl", nullptr}, {"content", card}};
  return dump({{"type", "message"}, {"attachments", json::array({attachment})}});
}

int hidden_status(std::string_view body) {
  static constexpr std::string_view mark = "returned HTTP error ";
  const auto at = body.substr(0, 4096).find(mark);
  if (at == std::string_view::npos) return 0;
  const auto rest = body.substr(at + mark.size());
  int status = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), status);
  return error == std::errc() && status >= 400 && status <= 599 ? status : 500;
}

}  // namespace headwind::notifiers
