// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// Looks whether the workload of a waiting request is there. One that is gone may return, as with a release that is
// installed anew or a policy that was taken off by mistake: the request says so and waits for
// EngineOptions::gone_patience, then it is Superseded. Answers with the request as it is stored now; nothing: it ended.
// A kind that Headwind does not follow is none of its business: such a request waits until it expires.
Task<Result<std::optional<UpdateRequest>>> await_workload(Context& context, UpdateRequest request);

}  // namespace headwind::update
