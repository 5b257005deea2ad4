// SPDX-License-Identifier: Apache-2.0
#include "notifiers/telegram/message.hpp"

#include <algorithm>

#include "notifiers/core/text.hpp"

namespace headwind::notifiers {
namespace {

// 4,096 characters may be seen: title, facts and labels in full stay below. What the marks and the links add does not
// count.
constexpr std::size_t max_title = 300, max_prose = 700;

std::string html(std::string_view text) { return escape_html(text, unlimited); }

// A button with a URL that Telegram does not like, such as one of localhost, would make it refuse the whole message;
// such a link in the text it leaves out by itself.
std::string link(const std::string& url, const char* text) { return "<a href=\"" + html(url) + "\">" + text + "</a>"; }

}  // namespace

std::string telegram_message(const Notice& notice, const TelegramChat& chat) {
  std::string text = notice.emoji + " <b>" + html(shorten(notice.title, max_title)) + "</b>\n";
  for (const Fact& fact : facts_of(notice, max_prose)) {
    const std::string value = html(fact.value);
    text += "\n<b>" + html(fact.label) + ":</b> " + (fact.image ? "<code>" + value + "</code>" : value);
  }
  std::string links;
  if (!notice.dashboard_url.empty()) links = link(notice.dashboard_url, "View in Dashboard");
  if (!notice.approve_url.empty()) links += (links.empty() ? "" : " · ") + link(notice.approve_url, "Approve");
  if (!links.empty()) text += "\n\n" + links;

  nlohmann::json message = {
      {"chat_id", chat.id}, {"text", text}, {"parse_mode", "HTML"}, {"link_preview_options", {{"is_disabled", true}}}};
  if (chat.thread != 0) message["message_thread_id"] = chat.thread;
  if (chat.silent) message["disable_notification"] = true;
  return message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool is_bot_token(const std::string& token) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto fits = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  const auto colon = token.find(':');
  return colon != std::string::npos && colon > 0 && colon + 1 < token.size() && token.size() <= 256 &&
         std::all_of(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(colon), is_digit) &&
         std::all_of(token.begin() + static_cast<std::ptrdiff_t>(colon) + 1, token.end(), fits);
}

}  // namespace headwind::notifiers
