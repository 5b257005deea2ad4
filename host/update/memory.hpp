// SPDX-License-Identifier: Apache-2.0
// Which versions are remembered as bad, and what that forbids (decisions 8).
#pragma once
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"
#include "update/settings.hpp"

namespace headwind::update {

// Rejected, failed, rolled back, or being rolled back.
bool is_remembered(const UpdateRequest& request);
// Whether `image` (with `digest`, where known) is a remembered version of that slot.
bool is_bad(const std::vector<UpdateRequest>& requests, const inventory::Slot& slot, std::string_view image,
            std::string_view digest);

struct Judged {
  std::vector<Candidate> allowed;
  std::string why;  // of the last one that was not, or empty
};
// `candidates` without those that memory forbids: a remembered version itself, and whatever the workload's own
// policy does not call newer than a rejected one.
Task<Result<Judged>> without_remembered(Context& context, std::vector<UpdateRequest> requests, inventory::Slot slot,
                                        PolicyQuery query, std::vector<Candidate> candidates);

}  // namespace headwind::update
