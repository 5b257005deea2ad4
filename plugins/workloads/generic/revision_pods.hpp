// SPDX-License-Identifier: Apache-2.0
// The pods of an object's present revision among its companions. Each text is read at once: the parser of a thread
// forgets a document when it reads the next one.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "workloads/core/new_pods.hpp"
#include "workloads/core/pod_reader.hpp"
#include "workloads/generic/settings.hpp"

namespace headwind::workloads::generic {

class RevisionPods {
 public:
  // A pod or a ReplicaSet; anything else, what is longer than 2 MiB, and what comes after the 20,000th is passed over.
  void add(std::string_view json, const std::string& label);

  // Pods that the object owns, and whose label is its present revision.
  NewPods sum_up(Value object, const PodRule& rule) const;

 private:
  struct Labelled {
    Pod pod;
    std::string label;
  };
  struct Owned {
    std::string uid, owner;
  };
  std::size_t seen_ = 0;
  std::vector<Labelled> pods_;
  std::vector<Owned> replica_sets_;
};

}  // namespace headwind::workloads::generic
