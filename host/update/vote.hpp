// SPDX-License-Identifier: Apache-2.0
// Counting approvals: how many a request needs, whose count, and what they are bound to.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// How many people must approve: what the request says, or its workload where that says more. 0: nobody has to.
std::uint32_t approvals_needed(const Context& context, const UpdateRequest& request);

// The approvals of what the request shows; those of another digest are void.
std::vector<Approval> standing_approvals(const UpdateRequest& request);

// Code::conflict that no second try mends: what was asked for does not count, as `sentence` says.
Error refused(std::string sentence);

// "; 1 approval is void", "; 2 approvals are void"; empty for none.
std::string void_sentence(std::size_t approvals);

// "Tag 1.26.0 was pushed again since this was proposed: it names sha256:... now", and what becomes of its approvals.
std::string moved_sentence(const UpdateRequest& request, std::string_view tag, std::string_view digest);

// "Waiting for approval", or "1 of 2 approvals; waits for 1 more": what a Pending request says.
std::string waiting_sentence(const Context& context, const UpdateRequest& request);

// Counts `vote`, and answers with the request as it is stored then: Approved when its number is reached, else Pending
// with a message that says how many it waits for. The same person's second vote changes nothing. A request that shows
// no digest yet gets the one that the registry names now, before anybody's vote is bound to it. Code::conflict: the
// vote does not count, and why; or the tag was pushed again, and the request is Superseded.
Task<Result<UpdateRequest>> cast_vote(Context& context, UpdateRequest request, Vote vote);

}  // namespace headwind::update
