// SPDX-License-Identifier: Apache-2.0
// headwind.workload.daemonset: the containers of a DaemonSet's pod template.
#include "workloads/core/workload_plugin.hpp"

namespace {

namespace workloads = headwind::workloads;

class DaemonSet : public workloads::WorkloadPlugin {
 public:
  DaemonSet() : WorkloadPlugin("daemonsets", "DaemonSet", {"v1/pods"}, workloads::read_daemonset_rollout) {}
};

}  // namespace

HEADWIND_MODULE(hw::plugin<DaemonSet>{
    .id = "headwind.workload.daemonset", .version = "1.0.0", .summary = "Images and rollouts of DaemonSets"});
