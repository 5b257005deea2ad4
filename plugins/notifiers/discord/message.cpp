// SPDX-License-Identifier: Apache-2.0
#include "notifiers/discord/message.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
// Discord refuses the whole message beyond these, and beyond 6,000 characters in all of an embed: facts and title in
// full stay below.
constexpr std::size_t max_title = 256, max_value = 1024, max_url = 2048;

int color_number(const std::string& color) {
  return static_cast<int>(std::strtol(color.c_str() + (color.starts_with('#') ? 1 : 0), nullptr, 16));
}

// In "[text](url)" a parenthesis would end the URL.
std::string link(const std::string& text, const std::string& url) {
  std::string out = "[" + text + "](";
  for (const char c : url) {
    if (c == '(') {
      out += "%28";
    } else if (c == ')') {
      out += "%29";
    } else {
      out += c;
    }
  }
  return out + ")";
}

}  // namespace

std::string discord_message(const Notice& notice, std::string_view username) {
  json fields = json::array();
  const auto add = [&](const std::string& name, const std::string& value, bool beside) {
    fields.push_back({{"name", name}, {"value", value}, {"inline", beside}});
  };
  for (const Fact& fact : facts_of(notice)) {
    const bool beside = !fact.prose && !fact.image;
    if (fact.image) {
      add(fact.label, "`" + inside_code(fact.value, max_value - 2) + "`", beside);
    } else {
      add(escape_chat_markdown(fact.label, max_title), escape_chat_markdown(fact.value, fact.prose ? max_value : 300),
          beside);
    }
  }
  if (const std::string approve = link("Open", notice.approve_url);
      !notice.approve_url.empty() && approve.size() <= max_value)
    add("Approve", approve, false);

  json embed = {{"title", notice.emoji + " " + escape_chat_markdown(notice.title, max_title - 4)},
                {"color", color_number(notice.color)},
                {"timestamp", format_timestamp(notice.unix_ms)},
                {"fields", fields},
                {"footer", {{"text", "Headwind: " + notice.type}}}};
  if (!notice.dashboard_url.empty() && notice.dashboard_url.size() <= max_url) embed["url"] = notice.dashboard_url;
  json message = {{"embeds", json::array({embed})}, {"allowed_mentions", {{"parse", json::array()}}}};
  if (!username.empty()) message["username"] = username;
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace headwind::notifiers
