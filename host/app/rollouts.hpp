// SPDX-License-Identifier: Apache-2.0
// The engine's Rollouts port: a workload's own object comes from the watch of its kind, its companions (ReplicaSets,
// pods) from watches of their own, which last as long as the rollout is followed and select by the workload's labels.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/follower.hpp"
#include "app/kinds.hpp"
#include "app/watch_places.hpp"
#include "core/async.hpp"
#include "kube/client.hpp"
#include "update/ports.hpp"

namespace headwind::app {

class ClusterRollouts final : public update::Rollouts {
 public:
  // So many watch their companions at once: each holds up to two connections. The others are judged by their objects
  // until it is their turn.
  static constexpr std::size_t most_watching = 200;

  using Seen = std::function<void(const inventory::WorkloadKey&, const Result<update::RolloutView>&)>;

  ClusterRollouts(Executor executor, std::shared_ptr<kube::Client> client, Kinds kinds,
                  std::size_t watching = most_watching);
  ~ClusterRollouts() override;
  void connect(Seen seen) { following_->seen = std::move(seen); }  // before anything is followed
  void stop();                                                     // everything is left

  void follow(const inventory::Workload& workload) override;
  void leave(const inventory::WorkloadKey& workload) override;
  Task<Result<update::RolloutView>> look(inventory::Workload workload) override;

  Task<Result<>> unblock(inventory::Workload workload, std::vector<update::BadImage> bad) override;

  // A patch of ours is sent: what the watch brings from now on counts for whoever follows it after the answer.
  void patching(const inventory::WorkloadKey& workload);
  // Its answer: what will be followed is known without another read. Or it was refused.
  void patched(const inventory::WorkloadKey& workload, const std::string& resource_version, const std::string& json);
  void not_patched(const inventory::WorkloadKey& workload);
  // What the watch of its kind brought. Cheap where it is neither followed nor patched.
  void changed(const inventory::WorkloadKey& workload, const std::string& resource_version, const std::string& json);

 private:
  Kinds kinds_;
  WatchPlaces places_;
  std::map<inventory::WorkloadKey, std::shared_ptr<Follower>> followers_;
  std::shared_ptr<Following> following_;
  static constexpr std::size_t most_patched_bytes = 8U << 20U;  // an update of a thousand at once
  struct Patched {
    std::string resource_version, json;
  };
  std::map<inventory::WorkloadKey, Patched> patched_;  // just now, as last seen, and not followed yet
  std::size_t patched_bytes_ = 0;                      // of their texts
};

}  // namespace headwind::app
