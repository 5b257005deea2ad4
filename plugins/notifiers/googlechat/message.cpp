// SPDX-License-Identifier: Apache-2.0
#include "notifiers/googlechat/message.hpp"

#include <nlohmann/json.hpp>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

using nlohmann::json;
// A message may have 32,000 bytes: what is here in full, three bytes a character, and two URLs of 3,000 stay below.
constexpr std::size_t max_title = 300, max_name = 400, max_prose = 1500;

// Plain text has no escapes: without angle brackets it calls nobody (<users/all>) and hides no link.
std::string plain(std::string_view text, std::size_t limit) {
  return rewrite(text, limit, [](char, char c) -> std::string_view {
    if (c == '<') return "\xE2\x80\xB9";
    if (c == '>') return "\xE2\x80\xBA";
    if (c == '\n') return " ";
    return {};
  });
}

json button(const char* text, const std::string& url) {
  return {{"text", text}, {"onClick", {{"openLink", {{"url", url}}}}}};
}

}  // namespace

std::string google_chat_message(const Notice& notice) {
  json widgets = json::array();
  for (const Fact& fact : facts_of(notice)) {
    const json text = {{"topLabel", shorten(fact.label, max_name)},
                       {"text", escape_html(fact.value, fact.prose ? max_prose : max_name)},
                       {"wrapText", true}};
    widgets.push_back({{"decoratedText", text}});
  }
  json buttons = json::array();
  if (!notice.dashboard_url.empty()) buttons.push_back(button("View in Dashboard", notice.dashboard_url));
  if (!notice.approve_url.empty()) buttons.push_back(button("Approve", notice.approve_url));
  if (!buttons.empty()) widgets.push_back({{"buttonList", {{"buttons", buttons}}}});
  const json when = {{"text", escape_html(notice.type + ", " + format_time(notice.unix_ms), max_name)}};
  widgets.push_back({{"textParagraph", when}});

  const json section = {{"widgets", widgets}};
  const json card = {{"sections", json::array({section})}};
  const json with_id = {{"cardId", "headwind"}, {"card", card}};
  const json message = {{"text", notice.emoji + " " + plain(notice.title, max_title)},
                        {"cardsV2", json::array({with_id})}};
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace headwind::notifiers
