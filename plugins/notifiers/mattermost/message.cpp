// SPDX-License-Identifier: Apache-2.0
#include "notifiers/mattermost/message.hpp"

#include <nlohmann/json.hpp>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
// A post may have 16,383 characters, the attachment included on old servers: what is here in full stays below.
constexpr std::size_t max_title = 300, max_name = 300, max_prose = 2000;

json field(const Fact& fact) {
  const std::string value = fact.image ? "`" + inside_code(fact.value, max_prose) + "`"
                                       : escape_chat_markdown(fact.value, fact.prose ? max_prose : max_name);
  return {
      {"title", escape_chat_markdown(fact.label, max_name)}, {"value", value}, {"short", !fact.prose && !fact.image}};
}

}  // namespace

std::string mattermost_message(const Notice& notice, const MattermostSender& sender) {
  json fields = json::array();
  for (const Fact& fact : facts_of(notice)) fields.push_back(field(fact));
  json attachment = {{"fallback", escape_chat_markdown(notice.title, max_title)},
                     {"color", notice.color},
                     {"title", notice.emoji + " " + escape_chat_markdown(notice.title, max_title)},
                     {"fields", fields},
                     {"footer", "Headwind: " + notice.type}};
  if (!notice.dashboard_url.empty()) attachment["title_link"] = notice.dashboard_url;
  // Angle brackets keep a URL whole whatever is in it.
  if (!notice.approve_url.empty()) attachment["text"] = "[Approve](<" + notice.approve_url + ">)";
  json message = {{"attachments", json::array({attachment})}};
  if (!sender.username.empty()) message["username"] = sender.username;
  if (!sender.icon_url.empty()) message["icon_url"] = sender.icon_url;
  if (!sender.channel.empty()) message["channel"] = sender.channel;
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace headwind::notifiers
