// SPDX-License-Identifier: Apache-2.0
#include "update/conditions.hpp"
#include "update/request_status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace headwind::update {

using nlohmann::json;

namespace {

const Condition* find(const std::vector<Condition>& conditions, std::string_view type) {
  const auto found =
      std::find_if(conditions.begin(), conditions.end(), [&](const auto& one) { return one.type == type; });
  return found == conditions.end() ? nullptr : &*found;
}

json json_of(const Condition& condition, std::int64_t since_ms) {
  return {{"type", condition.type},
          {"status", condition.status},
          {"reason", condition.reason},
          {"message", condition.message},
          {"lastTransitionTime", format_rfc3339(since_ms)}};
}

}  // namespace

json conditions_with(const UpdateRequest& request, const std::vector<Condition>& set, std::int64_t now_ms) {
  json list = json::array();
  for (const Condition& one : request.conditions)
    if (find(set, one.type) == nullptr) list.push_back(json_of(one, one.since_ms));
  for (const Condition& one : set) {
    const Condition* old = request.find_condition(one.type);
    // What is Unknown for another reason is another state: held, or under way. Its time counts from there.
    const bool same =
        old != nullptr && old->status == one.status && (one.status != "Unknown" || old->reason == one.reason);
    list.push_back(json_of(one, same ? old->since_ms : now_ms));
  }
  return list;
}

Task<Result<UpdateRequest>> write_conditions(Context& context, UpdateRequest request, std::vector<Condition> set,
                                             std::string phase, std::string message) {
  const bool same = std::all_of(set.begin(), set.end(), [&](const Condition& one) {
    const Condition* old = request.find_condition(one.type);
    return old != nullptr && old->status == one.status && old->reason == one.reason;
  });
  if (same && (phase.empty() || to_string(request.phase) == phase)) co_return request;
  const std::int64_t now = context.clock.unix_ms();
  json status = {{"conditions", conditions_with(request, set, now)}};
  if (!phase.empty()) status["phase"] = phase, status["lastUpdated"] = format_rfc3339(now);
  if (!message.empty()) status["message"] = message;
  co_return co_await write_status_or_forget(context, request, std::move(status));
}

}  // namespace headwind::update
