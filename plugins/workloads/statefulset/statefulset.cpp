// SPDX-License-Identifier: Apache-2.0
// headwind.workload.statefulset: the containers of a StatefulSet's pod template.
#include "workloads/core/workload_plugin.hpp"

namespace {

namespace workloads = headwind::workloads;

class StatefulSet : public workloads::WorkloadPlugin {
 public:
  StatefulSet() : WorkloadPlugin("statefulsets", "StatefulSet", {"v1/pods"}, workloads::read_statefulset_rollout) {}
};

}  // namespace

HEADWIND_MODULE(hw::plugin<StatefulSet>{
    .id = "headwind.workload.statefulset", .version = "1.0.0", .summary = "Images and rollouts of StatefulSets"});
