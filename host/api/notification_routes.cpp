// SPDX-License-Identifier: Apache-2.0
#include "api/notification_routes.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "api/response.hpp"
#include "core/clock.hpp"

namespace headwind::api {
namespace {

using nlohmann::json;

constexpr std::size_t kUsualLetters = 100, kMostLetters = 1000;

void put_time(json& object, const char* key, std::int64_t unix_ms) {
  if (unix_ms != 0) object[key] = format_rfc3339(unix_ms);
}

json json_of(const DeadLetter& letter) {
  json object = {{"id", letter.id},
                 {"event", letter.event},
                 {"workload", letter.workload},
                 {"reason", to_string(letter.reason)},
                 {"attempts", letter.attempts}};
  put_time(object, "happened", letter.happened_ms);
  put_time(object, "firstTry", letter.first_try_ms);
  put_time(object, "lastTry", letter.last_try_ms);
  put_time(object, "givenUp", letter.given_up_ms);
  if (!letter.error.empty()) object["error"] = letter.error;
  return object;
}

json json_of(const NotifierStand& stand, std::size_t letters) {
  json object = {{"name", stand.name}, {"state", stand.state},   {"waiting", stand.waiting},
                 {"sent", stand.sent}, {"failed", stand.failed}, {"dropped", stand.dropped}};
  put_time(object, "toldUpTo", stand.told_up_to_ms);
  put_time(object, "nextTry", stand.next_try_ms);
  if (!stand.error.empty()) object["error"] = stand.error;
  json& dead = object["deadLetters"] = json::array();
  for (std::size_t i = 0; i < std::min(letters, stand.dead_letters.size()); ++i)
    dead.push_back(json_of(stand.dead_letters[i]));
  return object;
}

std::optional<std::size_t> read_limit(const std::string& text) {
  std::size_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value > kMostLetters) return {};
  return value;
}

Task<net::ServerResponse> list(Gate& gate, const Deliveries* deliveries, Call call) {
  std::size_t letters = kUsualLetters;
  if (const auto limit = call.query.find("limit"); limit != call.query.end()) {
    const auto read = read_limit(limit->second);
    if (!read) co_return problem(400, "limit must be a whole number from 0 to 1000.");
    letters = *read;
  }
  Admission admission = co_await gate.admit(call.request.headers, {"list", "", ""});
  if (admission.refusal) co_return std::move(*admission.refusal);
  const auto only = call.query.find("notifier");
  json all = json::array();
  if (deliveries != nullptr)
    for (const NotifierStand& stand : deliveries->notifiers())
      if (only == call.query.end() || only->second == stand.name) all.push_back(json_of(stand, letters));
  if (only != call.query.end() && all.empty())
    co_return problem(404, "There is no notifier of that name; without ?notifier= all are listed.");
  co_return json_response(200,
                          json{{"notifiers", std::move(all)}}.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

std::string_view to_string(DeadLetter::Reason reason) {
  switch (reason) {
    case DeadLetter::Reason::refused: return "refused";
    case DeadLetter::Reason::expired: return "expired";
    case DeadLetter::Reason::overflow: return "overflow";
  }
  return "refused";
}

void add_notification_routes(Router& router, Gate& gate, const Deliveries* deliveries) {
  router.add("GET", "/api/v1/notifications",
             [&gate, deliveries](Call call) { return list(gate, deliveries, std::move(call)); }, {"notifier", "limit"});
}

}  // namespace headwind::api
