// SPDX-License-Identifier: Apache-2.0
// What an object's selector found beside it. Each text is read into a small struct at once, because the parser of a
// thread forgets a document when it reads the next one.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "workloads/core/pod_state.hpp"
#include "workloads/core/replica_set.hpp"

namespace headwind::workloads {

class Companions {
 public:
  // A pod or a ReplicaSet; anything else, what is longer than 2 MiB, and what comes after the 20,000th is passed over.
  void add(std::string_view json);

  const std::vector<Pod>& pods() const { return pods_; }
  const std::vector<ReplicaSet>& replica_sets() const { return replica_sets_; }

 private:
  std::size_t seen_ = 0;
  std::vector<Pod> pods_;
  std::vector<ReplicaSet> replica_sets_;
};

}  // namespace headwind::workloads
