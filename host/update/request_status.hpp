// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// Merges `status` into the request's own, under the version that was looked at (Code::conflict where it moved on), and
// keeps the answer as what is known.
Task<Result<UpdateRequest>> write_status(Context& context, UpdateRequest request, nlohmann::json status);
// The same; a request that is gone is forgotten before the watch says so.
Task<Result<UpdateRequest>> write_status_or_forget(Context& context, UpdateRequest request, nlohmann::json status);
// Deletes it. It is forgotten first: what the watch tells of somebody else's deletions counts as a release.
Task<Result<>> remove_request(Context& context, UpdateRequest request);

}  // namespace headwind::update
