// SPDX-License-Identifier: Apache-2.0
// headwind.workload.deployment: the containers of a Deployment's pod template.
#include "workloads/core/workload_plugin.hpp"

namespace {

namespace workloads = headwind::workloads;

class Deployment : public workloads::WorkloadPlugin {
 public:
  Deployment()
      : WorkloadPlugin("deployments", "Deployment", {"apps/v1/replicasets", "v1/pods"},
                       workloads::read_deployment_rollout) {}
};

}  // namespace

HEADWIND_MODULE(hw::plugin<Deployment>{
    .id = "headwind.workload.deployment", .version = "1.0.0", .summary = "Images and rollouts of Deployments"});
