// SPDX-License-Identifier: Apache-2.0
// What people hear of a decision: in the log, in Events, in notifications and in metrics; each thing once.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "update/context.hpp"
#include "update/decision.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Who wonders why nothing is even proposed looks at the workload. `hints`: the keys of those that wait.
void tell_suspended(Context& context, const inventory::Workload& workload, const std::vector<std::string>& hints);
// An automatic update was done: `after` is the workload as it was stored.
void tell_done(Context& context, const inventory::Workload& after, const std::vector<Move>& moves,
               const std::string& policy);
// The API server refused it for good.
void tell_refused(Context& context, const inventory::Workload& workload, const std::vector<Move>& moves,
                  const Error& error);
// Nothing happens to the slot. `rule`: who says so, for the metric.
void tell_held(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
               const std::string& why, std::string_view rule);
// A version that lacks a platform is told once, whether another one is taken or not.
void tell_lacking(Context& context, const inventory::Workload& workload, const inventory::Slot& slot,
                  const std::string& sentence);
// What waits for its interval or its turn is chosen again and again, and found once.
void count_found(Context& context, const inventory::Workload& workload, const Chosen& chosen, bool pushed);
// What is wrong with the workload's annotations, once each time it changes.
void tell_mistakes(Context& context, const inventory::Workload& workload, const Settings& settings);

}  // namespace headwind::update
