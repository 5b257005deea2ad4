// SPDX-License-Identifier: Apache-2.0
// How far the rollout of an object's present state is, by the rules of the settings. In this order:
//
//   failed   a rule of `failed` holds, or a pod of the present revision cannot run
//   held     a rule of `held` holds
//   running  the controller has not seen the change yet, a rule of `ready` does not hold, or such a pod is not ready
//   done     else
//
// Where the status is older than the object, what it says is no ground for failed or held.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "workloads/core/rollout.hpp"
#include "workloads/generic/settings.hpp"

namespace headwind::workloads::generic {

// False, with one sentence, where the text is no JSON object.
bool read_rollout(std::string_view object, const std::vector<std::string_view>& companions, const Settings& settings,
                  Rollout& out, std::string& error);

}  // namespace headwind::workloads::generic
