// SPDX-License-Identifier: Apache-2.0
#include "update/contention.hpp"

#include <algorithm>

#include "telemetry/log.hpp"

namespace headwind::update {
namespace {

constexpr std::int64_t first_rest_ms = 3'600'000, longest_rest_ms = 24 * first_rest_ms;

bool was_undone(const UpdateRequest& request) {
  return request.phase == Phase::rolled_back && request.rollback_by.empty() &&
         (request.rollback_reason == undone_outside || request.rollback_reason == undone_while_away);
}

}  // namespace

std::optional<std::int64_t> rests_until(const std::vector<UpdateRequest>& requests) {
  std::int64_t last = 0, rest = first_rest_ms;
  std::size_t count = 0;
  for (const UpdateRequest& request : requests) {
    if (!was_undone(request)) continue;
    if (++count > 2) rest = std::min(rest * 2, longest_rest_ms);
    last = std::max(last, request.last_updated_ms);
  }
  return count < 2 ? std::nullopt : std::optional(last + rest);
}

bool is_resting(Context& context, const inventory::Workload& workload, const std::vector<UpdateRequest>& requests) {
  const auto until = rests_until(requests);
  if (!until || *until <= context.clock.unix_ms()) {
    context.resting.erase(workload.key);
    return false;
  }
  context.queue->add_at(workload.key, *until);
  std::int64_t& told = context.resting[workload.key];
  if (told == *until) return true;
  told = *until;
  const std::string owner = workload.owner.empty() ? "somebody else" : workload.owner.str();
  const std::string sentence = "its last updates were undone by " + owner + "; updates rest until " +
                               format_rfc3339(*until) + ". Change the image where it is managed, or release the " +
                               "UpdateRequests that remember them";
  telemetry::warn("update", "updates rest", {{"workload", workload.key.text()}, {"until", format_rfc3339(*until)}});
  record_event(context, workload, true, "UpdatesRest", sentence);
  return true;
}

}  // namespace headwind::update
