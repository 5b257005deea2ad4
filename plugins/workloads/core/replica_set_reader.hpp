// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "workloads/core/json_object.hpp"
#include "workloads/core/replica_set.hpp"

namespace headwind::workloads {

ReplicaSet read_replica_set(Value root);

// The sentence of the condition ReplicaFailure of a ReplicaSet's or a Deployment's status, or nothing. That pods cannot
// be deleted is not meant: it speaks of nodes, not of what is to run.
std::string creation_failure(Value status);

}  // namespace headwind::workloads
