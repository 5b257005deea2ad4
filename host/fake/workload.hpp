// SPDX-License-Identifier: Apache-2.0
// What the API server itself knows about Deployments, StatefulSets, DaemonSets and ReplicaSets.
#pragma once
#include <vector>

#include "fake/status.hpp"

namespace headwind::fake {

bool is_workload(const ResourceType& type);
void default_workload(const ResourceType& type, Json& object);
// `old` is null on a create.
std::vector<Cause> validate_workload(const Json& object, const Json* old);

}  // namespace headwind::fake
