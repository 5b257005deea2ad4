// SPDX-License-Identifier: Apache-2.0
#include "notifiers/core/hook.hpp"

#include "notifiers/core/answers.hpp"

#include <utility>

namespace headwind::notifiers {

std::string trimmed(std::string_view text) {
  constexpr const char* blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blank) - first + 1));
}

std::string read_secret(const hw::call& call, const hw::secrets& secrets, std::string_view name,
                        std::string_view what) {
  std::string value;
  try {
    value = trimmed(secrets.read(call, name));
  } catch (const hw::error& error) {
    if (error.code() != hw::code::not_found) throw;
    throw hw::error(hw::code::invalid,
                    "the secret \"" + std::string(name) + "\" is not granted: it must hold " + std::string(what));
  }
  if (value.empty())
    throw hw::error(hw::code::invalid,
                    "the secret \"" + std::string(name) + "\" is empty: it must hold " + std::string(what));
  return value;
}

std::string read_url(const hw::call& call, const hw::secrets& secrets) {
  std::string url = read_secret(call, secrets, "url", "the hook's URL");
  if (!url.starts_with("https://") && !url.starts_with("http://"))
    throw hw::error(hw::code::invalid, "the secret \"url\" is not an http or https URL");
  return url;
}

hw::http_response post(const hw::call& call, const hw::http& http, std::string url, std::string body) {
  hw::http_request request{.method = "POST", .url = std::move(url), .body = std::move(body)};
  request.headers.emplace_back("content-type", "application/json");
  request.max_body = 1U << 20U;
  return http.exchange(call, request);
}

std::chrono::milliseconds pause_after(const hw::http_response& answer) {
  if (answer.ok()) return {};
  const auto exact = wanted_pause(answer.body);
  return exact.count() > 0 ? exact : answer.retry_after();
}

void check_chat_answer(int status, std::chrono::milliseconds wait, std::string_view peer, std::string_view remedy) {
  if (status >= 200 && status < 300) return;
  const std::string message = std::string(peer) + " answered with HTTP status " + std::to_string(status);
  if (status == 429) throw hw::error(hw::code::throttled, message).retry_after(wait);
  if (status >= 500 || status == 408) throw hw::error(hw::code::unavailable, message).retry_after(wait);
  throw hw::error(hw::code::invalid, message + ": " + std::string(remedy));
}

Notice notice_of(const hw::event& event) {
  Notice notice;
  std::string error;
  const std::string_view details = event.details.empty() ? std::string_view("{}") : event.details;
  if (!read_notice(details, event.type, event.text, event.unix_ms, notice, error))
    throw hw::error(hw::code::invalid, error);
  if (notice.dashboard_url.empty()) notice.dashboard_url = web_url(std::string(event.link));
  if (!event.details.empty()) return notice;
  notice.current_image = event.old_reference;
  notice.new_image = event.new_reference;
  if (event.text.empty()) notice.title = std::string(event.type) + ": " + std::string(event.subject);
  return notice;
}

}  // namespace headwind::notifiers
