// SPDX-License-Identifier: Apache-2.0
#include "notifiers/core/hook.hpp"

namespace headwind::notifiers {

std::string trimmed(std::string_view text) {
  constexpr const char* blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blank) - first + 1));
}

std::string read_url(const hw::call& call, const hw::secrets& secrets) {
  std::string url;
  try {
    url = trimmed(secrets.read(call, "url"));
  } catch (const hw::error& error) {
    if (error.code() != hw::code::not_found) throw;
    throw hw::error(hw::code::invalid, "the secret \"url\" is not granted: it must hold the hook's URL");
  }
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    throw hw::error(hw::code::invalid, "the secret \"url\" is not an http or https URL");
  return url;
}

void check_chat_answer(int status, std::chrono::seconds retry_after, std::string_view peer) {
  if (status >= 200 && status < 300) return;
  const std::string message = std::string(peer) + " answered with HTTP status " + std::to_string(status);
  if (status == 429) throw hw::error(hw::code::throttled, message).retry_after(retry_after);
  if (status >= 500 || status == 408) throw hw::error(hw::code::unavailable, message).retry_after(retry_after);
  throw hw::error(hw::code::invalid, message + ": check the hook's URL and its permissions");
}

Notice notice_of(const hw::event& event) {
  Notice notice;
  std::string error;
  if (!read_notice(event.details, event.type, event.text, event.unix_ms, notice, error))
    throw hw::error(hw::code::invalid, error);
  return notice;
}

}  // namespace headwind::notifiers
