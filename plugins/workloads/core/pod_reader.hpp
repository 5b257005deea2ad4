// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "workloads/core/json_object.hpp"
#include "workloads/core/pod_state.hpp"

namespace headwind::workloads {

// Reads what the kubelet, the scheduler and the controllers wrote. Anything may be missing. Ephemeral containers do not
// count: somebody put them there to look around.
Pod read_pod(Value root);

// uid of the controller among an object's ownerReferences; where none says that it is the controller, of the first.
std::string owner_of(Value metadata);

}  // namespace headwind::workloads
