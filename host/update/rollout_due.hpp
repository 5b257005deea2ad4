// SPDX-License-Identifier: Apache-2.0
// Which rollouts of a workload are to be followed: derived from its history and its requests (ADR 15).
#pragma once
#include <string_view>
#include <vector>

#include "update/context.hpp"
#include "update/rollout_book.hpp"
#include "update/settings.hpp"

namespace headwind::update {

struct Due {
  std::vector<RolloutSubject> subjects;
  std::vector<RolloutSubject> replaced;  // what a request brought, and the workload no longer runs
};
Due due_of(Context& context, const inventory::Workload& workload, const Settings& settings);

// Whether that condition of the request says that a rollout is followed, be it held or out of sight.
bool awaits(const UpdateRequest& request, std::string_view type);

// Whether the rollout of the request, or of its way back, is not judged yet.
bool is_awaited(const UpdateRequest& request, bool going_back);

// From when the time of a rollout counts that is followed from now on. What was held before a restart has all of it
// once it goes on; so has what nobody looked at until it was over.
std::int64_t began_at(const Context& context, const std::vector<RolloutSubject>& subjects, const Settings& settings);

// Whether its last update is so young that its rollout may still be under way.
bool is_recent(const Context& context, const Settings& settings);

}  // namespace headwind::update
