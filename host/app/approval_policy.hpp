// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "app/approval_policy_names.hpp"
#include "kube/client.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// Whether the API server has vouched for what is written on a request, ever since the request was made: policy and
// binding are the shipped ones, were never changed, and are older than it; and a write that they forbid, in a dry run,
// is refused now. Asked anew each time: an answer of a moment ago says nothing about what was written since.
class ClusterApprovalPolicy final : public update::AdmissionPolicy {
 public:
  // `settled`: how long the servers may take to enforce a policy that was just made.
  explicit ClusterApprovalPolicy(std::shared_ptr<kube::Client> client,
                                 std::chrono::milliseconds settled = std::chrono::seconds(30))
      : client_(std::move(client)), settled_(settled) {}
  Task<Result<>> vouches_for(update::UpdateRequest request) override;

 private:
  // When an object with that spec was made, if it is as it was made.
  Task<Result<std::int64_t>> in_force_since(std::string path, std::string kind, std::string hash);
  Task<Result<>> prove(update::UpdateRequest request);

  std::shared_ptr<kube::Client> client_;
  std::chrono::milliseconds settled_;
};

}  // namespace headwind::app
