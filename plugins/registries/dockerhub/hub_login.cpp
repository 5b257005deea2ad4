// SPDX-License-Identifier: Apache-2.0
#include "registries/dockerhub/hub_login.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "registries/core/failures.hpp"
#include "registries/core/json_text.hpp"

namespace headwind::registries {
namespace {

constexpr std::uint64_t max_login_body = 64 * 1024;
constexpr std::size_t max_token = 12 * 1024;
constexpr std::int64_t token_ms = 9 * 60 * 1000;  // they live for ten minutes

Request login(const std::string& url, const nlohmann::json& fields) {
  return {"POST",
          url,
          {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
          max_login_body,
          fields.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

bool is_token(const std::string& text) {
  return !text.empty() && text.size() <= max_token &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

}  // namespace

Outcome<std::string> HubLogin::header(const Target& api, HubLimits& limits, Transport& transport) {
  if (api.account.username.empty() || !api.account.identity_token.empty()) return std::string();
  if (const auto known = tokens_.find(api.account.key, transport.mono_ms())) return "Bearer " + *known;
  const auto account = with_password(api.account, transport);
  if (!account) return account.failure();
  if (account->password.empty()) return std::string();

  auto answer = transport.exchange(
      login(api.url + "/v2/auth/token", {{"identifier", account->username}, {"secret", account->password}}));
  const char* field = "access_token";
  if (answer && answer->status == 404) {  // an older API
    answer = transport.exchange(
        login(api.url + "/v2/users/login", {{"username", account->username}, {"password", account->password}}));
    field = "token";
  }
  if (!answer) return answer.failure();
  const std::string what = "a login";
  if (answer->status == 429)
    return Failure{HW_THROTTLED, api.name + " answered 429 for a login: it asks to slow down",
                   limits.note(account->key, *answer, transport)};
  if (answer->status == 401 || answer->status == 403)
    return access_denied(api, api.name + " answered " + std::to_string(answer->status) + " for a login", false);
  if (answer->status != 200) return failure_of(*answer, api, what, transport);
  std::string token = text_at(parse_json(answer->body), field);
  // Nothing is wrong with any list: the way to it is closed for now.
  if (!is_token(token)) return doubt(api, "gave no token", what);
  tokens_.put(account->key, token, transport.mono_ms(), token_ms);
  return "Bearer " + token;
}

}  // namespace headwind::registries
