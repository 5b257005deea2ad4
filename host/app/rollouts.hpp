// SPDX-License-Identifier: Apache-2.0
// The engine's Rollouts port: a workload's own object comes from the watch of its kind, its companions (ReplicaSets,
// pods) from watches of their own, which last as long as the rollout is followed and select by the workload's labels.
#pragma once
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/kinds.hpp"
#include "core/async.hpp"
#include "kube/client.hpp"
#include "update/engine.hpp"

namespace headwind::app {

class ClusterRollouts final : public update::Rollouts {
 public:
  ClusterRollouts(Executor executor, std::shared_ptr<kube::Client> client, Kinds kinds);
  ~ClusterRollouts() override;
  void connect(update::Engine& engine) { engine_ = &engine; }
  void stop();  // everything is left

  void follow(const inventory::Workload& workload) override;
  void leave(const inventory::WorkloadKey& workload) override;
  Task<Result<update::RolloutView>> look(inventory::Workload workload) override;

  Task<Result<>> unblock(inventory::Workload workload, std::vector<update::BadImage> bad) override;

  // The answer to a patch of ours: what will be followed is known without another read.
  void patched(const inventory::WorkloadKey& workload, const std::string& resource_version, std::string json);
  // What the watch of its kind brought. Cheap where it is not followed.
  void changed(const inventory::WorkloadKey& workload, const std::string& json);

 private:
  class Follower;
  Task<Result<std::vector<nlohmann::json>>> list(inventory::Workload workload, std::string companion,
                                                 std::string selector) const;

  Executor executor_;
  std::shared_ptr<kube::Client> client_;
  Kinds kinds_;
  update::Engine* engine_ = nullptr;
  std::map<inventory::WorkloadKey, std::shared_ptr<Follower>> followers_;
  static constexpr std::size_t most_patched = 256;
  struct Patched {
    std::string resource_version, json;
  };
  std::map<inventory::WorkloadKey, Patched> patched_;  // just now, and not followed yet
};

}  // namespace headwind::app
