// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <vector>

#include "app/kinds.hpp"
#include "app/rollouts.hpp"
#include "kube/client.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// The engine's Workloads port: the cluster's objects, read by the workload plugins.
class ClusterWorkloads final : public update::Workloads {
 public:
  ClusterWorkloads(std::shared_ptr<kube::Client> client, Kinds kinds, ClusterRollouts& rollouts)
      : client_(std::move(client)), kinds_(std::move(kinds)), rollouts_(rollouts) {}

  Task<Result<inventory::Workload>> patch(inventory::Workload workload, std::string operations) override;
  Task<Result<>> patch_object(inventory::Workload workload, std::string object, std::string operations) override;
  Task<Result<inventory::Workload>> read(inventory::WorkloadKey key) override;
  Task<Result<std::vector<update::RanBefore>>> ran_before(inventory::Workload workload) override;

 private:
  Task<Result<inventory::Workload>> understand(WorkloadKind kind, std::string json);

  std::shared_ptr<kube::Client> client_;
  Kinds kinds_;
  ClusterRollouts& rollouts_;
};

}  // namespace headwind::app
