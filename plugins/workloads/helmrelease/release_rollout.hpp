// SPDX-License-Identifier: Apache-2.0
// How far a HelmRelease is with what its spec asks for: from what helm-controller writes into its status.
//
//   - Only a Ready condition about the present generation counts, and only one about the version that is wanted.
//   - Ready=True is "done". Ready=False is "failed" where Helm itself failed, or was rolled back; where Flux waits for
//     something (a dependency, a source), or has retries left, it is "running".
//   - Suspended is "held", and so is a version that the index which Flux read last does not list.
#pragma once
#include <string>
#include <string_view>

#include "workloads/core/rollout.hpp"
#include "workloads/helmrelease/source.hpp"

namespace headwind::workloads {

// False, with one sentence, where the text is no JSON object.
bool read_release_rollout(std::string_view object, const Objects& related, Rollout& out, std::string& error);

}  // namespace headwind::workloads
