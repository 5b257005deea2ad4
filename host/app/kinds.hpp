// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/async.hpp"
#include "core/result.hpp"
#include "inventory/workload.hpp"
#include "kube/client.hpp"
#include "kube/object.hpp"
#include "plugin/host.hpp"

namespace headwind::app {

// One kind of workload: who reads it, and where the API server keeps it.
struct WorkloadKind {
  plugin::Workload reader;
  Symbol kind, api_version, plural;
  std::string collection;                    // "/apis/apps/v1/deployments"
  std::vector<std::string> companions = {};  // "apps/v1/replicasets": what its rollout is judged by, beside it
};

// Asks every workload plugin what it serves.
Task<Result<std::vector<WorkloadKind>>> describe_kinds(const plugin::Host& host);

// Objects of one kind as the inventory keeps them; one hop to the plugin for all of them. Objects that the plugin
// cannot read are left out, with a log line.
Task<Result<std::vector<inventory::Workload>>> read_workloads(WorkloadKind kind, std::vector<kube::Object> objects);

}  // namespace headwind::app
