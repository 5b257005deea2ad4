// SPDX-License-Identifier: Apache-2.0
// One entry of a pod's containerStatuses or initContainerStatuses, as the kubelet writes them.
#pragma once
#include <string>

#include "workloads/core/json_object.hpp"

namespace headwind::workloads {

enum class Role {
  init,     // runs before the others, and is to end well
  sidecar,  // listed among the init containers, restarts always: is to run
  main      // is to run
};

// At most one of the three says something; none does where all is well.
struct ContainerState {
  std::string failure;    // it cannot run as it is: "CrashLoopBackOff: back-off 10s ... (exit code 1, 3 restarts)"
  std::string restarted;  // it runs and is ready, but has been restarted too often: "restarted 6 times (exit code 1)"
  std::string pending;    // what it still lacks: "ContainerCreating", "is running but not ready"
};

// `final`: nothing restarts it any more. What a container wrote, its log or its termination message, is never read.
ContainerState read_container(Value status, Role role, bool final);

}  // namespace headwind::workloads
