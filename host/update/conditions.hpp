// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "update/context.hpp"

namespace headwind::update {

// The request's conditions with `set` among them: a merge patch replaces the whole list. Where the status is the same
// (and, of what is Unknown, the reason), its time stays.
nlohmann::json conditions_with(const UpdateRequest& request, const std::vector<Condition>& set, std::int64_t now_ms);

// Writes those conditions and, where they are given, phase and message. Nothing is written where nothing changes.
Task<Result<UpdateRequest>> write_conditions(Context& context, UpdateRequest request, std::vector<Condition> set,
                                             std::string phase = {}, std::string message = {});

}  // namespace headwind::update
