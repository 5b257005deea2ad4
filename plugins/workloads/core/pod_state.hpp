// SPDX-License-Identifier: Apache-2.0
// A pod, as far as a verdict needs it.
#pragma once
#include <cstdint>
#include <string>

namespace headwind::workloads {

struct Pod {
  std::string name;
  std::string owner;          // uid of its controller; empty: nobody's
  std::string created;        // RFC 3339 as the API server writes it: sorts as text
  std::string template_hash;  // label pod-template-hash: which ReplicaSet
  std::string revision_hash;  // label controller-revision-hash: which revision of a StatefulSet or DaemonSet
  std::int64_t template_generation = -1;  // label pod-template-generation of a DaemonSet's pod

  // Being deleted, or ended for a reason that is not its image's (evicted, preempted, node shut down): its controller
  // replaces it, and nothing it says counts.
  bool leaving = false;
  bool ready = false;

  // Sentences that name the pod and a container, such as "pod web-5d9-abc: container app: CrashLoopBackOff: ...".
  std::string failure;    // it cannot run as it is
  std::string restarted;  // it is up, but was restarted more than 5 times
  std::string pending;    // not ready: what it lacks
};

}  // namespace headwind::workloads
