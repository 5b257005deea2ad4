// SPDX-License-Identifier: Apache-2.0
// What people say to a request: over the API, or by an annotation on it. All of it holds the turn of the workload.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// A person's yes and no. The request as it stands afterwards: Pending where it waits for more people. Code::conflict
// where the phase does not allow it, or the vote does not count (cast_vote).
Task<Result<UpdateRequest>> approve(Context& context, RequestKey key, Vote vote);
Task<Result<UpdateRequest>> reject(Context& context, RequestKey key, std::string who, std::string reason);

// The number of approvals is reached: what was approved is done. Where the cluster or the registry does not answer, it
// is done later, and the answer is the request as it stands.
Task<Result<UpdateRequest>> carry_out(Context& context, UpdateRequest approved);
// Tells that `who` was counted, and how many the request waits for now.
void tell_counted(Context& context, const UpdateRequest& request, const std::string& who);

// An answer that somebody wrote on a Pending request with kubectl (RequestNotes): counted where the admission policy
// vouches for its writer, else told in an Event; taken off the request either way. Idempotent.
Task<Result<>> take_up_notes(Context& context, UpdateRequest request);

// What nobody may ask for, or what can no longer be meant: then nothing else is done with the request.
std::optional<std::pair<Phase, std::string>> refusal_of(const Context& context, const UpdateRequest& request);

// What ends a request that is Pending, whoever is to answer: its time is over, or its workload moved on. Else nothing.
std::optional<std::pair<Phase, std::string>> end_of(const Context& context, const UpdateRequest& request);

// "UpdateRequest is in Completed state, cannot approve": as 0.1.x said it.
Error wrong_phase(const UpdateRequest& request, std::string_view verb);

// A merge patch of the metadata that takes the notes off, but for who made the request.
std::string without_notes();

}  // namespace headwind::update
