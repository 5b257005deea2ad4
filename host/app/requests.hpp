// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "kube/client.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// The engine's Requests port: UpdateRequest objects in the cluster.
class ClusterRequests final : public update::Requests {
 public:
  explicit ClusterRequests(std::shared_ptr<kube::Client> client) : client_(std::move(client)) {}

  Task<Result<update::UpdateRequest>> create(update::UpdateRequest request) override;
  Task<Result<update::UpdateRequest>> patch_spec(update::RequestKey key, std::string merge,
                                                 std::string expected_version) override;
  Task<Result<update::UpdateRequest>> patch_status(update::RequestKey key, std::string merge,
                                                   std::string expected_version) override;
  Task<Result<>> remove(update::RequestKey key, std::string expected_uid) override;

 private:
  Task<Result<update::UpdateRequest>> patch(std::string path, std::string merge, std::string expected_version);

  std::shared_ptr<kube::Client> client_;
};

}  // namespace headwind::app
