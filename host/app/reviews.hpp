// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "api/auth.hpp"
#include "kube/client.hpp"

namespace headwind::app {

// Who calls our API and what they may do, asked of the cluster.
class ClusterReviews final : public api::Authenticator, public api::Authorizer {
 public:
  explicit ClusterReviews(std::shared_ptr<kube::Client> client) : client_(std::move(client)) {}
  Task<Result<api::Identity>> authenticate(std::string token) override;
  Task<Result<bool>> allowed(api::Identity identity, api::Access access) override;

 private:
  std::shared_ptr<kube::Client> client_;
};

}  // namespace headwind::app
