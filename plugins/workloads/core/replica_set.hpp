// SPDX-License-Identifier: Apache-2.0
// A ReplicaSet, as far as the verdict on its Deployment needs it.
#pragma once
#include <cstdint>
#include <string>

namespace headwind::workloads {

struct ReplicaSet {
  std::string name, uid;
  std::string owner;           // uid of its controller; empty: nobody's
  std::string created;         // RFC 3339 as the API server writes it: sorts as text
  std::string template_hash;   // label pod-template-hash
  std::int64_t revision = -1;  // annotation deployment.kubernetes.io/revision; -1: none
  std::int64_t replicas = 0;   // pods that it has
  std::string failure;         // why it cannot create pods (quota, admission); empty: it can
};

}  // namespace headwind::workloads
