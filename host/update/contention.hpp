// SPDX-License-Identifier: Apache-2.0
// Somebody else keeps setting the images back: then it is better to ask than to insist.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "update/context.hpp"

namespace headwind::update {

// The reason of a request that remembers a version which was undone while we looked.
inline constexpr std::string_view undone_outside = "it was undone outside Headwind";
// The same of one that was found undone after a start.
inline constexpr std::string_view undone_while_away = "it ran before and was undone while Headwind was away";

// Until when (unix_ms) updates of a workload rest because the last ones, two or more, were undone by somebody else:
// one hour after the second time, twice as long after each further one, at most a day. Nothing: they do not rest.
// One edit that takes back several slots is one time: requests about different slots that were written within a minute
// of the first, or that were all found after a start.
std::optional<std::int64_t> rests_until(const std::vector<UpdateRequest>& requests);

// Whether updates of the workload rest now. Told once for each time; the workload comes back when it is over.
bool is_resting(Context& context, const inventory::Workload& workload, const std::vector<UpdateRequest>& requests);

}  // namespace headwind::update
