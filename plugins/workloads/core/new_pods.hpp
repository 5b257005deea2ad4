// SPDX-License-Identifier: Apache-2.0
// The pods of the revision that is rolled out. Each kind finds them in its own way; what they say is summed up here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "workloads/core/pod_state.hpp"

namespace headwind::workloads {

struct NewPod {
  const Pod* pod = nullptr;
  // It ran this revision before, and was still there when the revision came back (a rollback): it may have been
  // restarted often in its long life, which says nothing as long as it is ready.
  bool veteran = false;
};

struct NewPods {
  bool known = false;  // some were seen, so `ready` is a count
  std::int64_t ready = 0;
  std::string failure;  // a sentence about one that cannot run, and how many more there are
  std::string pending;  // a sentence about one that is not ready
};

// The pod that is named is the first by name, so that two looks at the same pods give the same sentence.
NewPods sum_up(std::vector<NewPod> pods);

}  // namespace headwind::workloads
