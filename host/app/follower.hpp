// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/companions.hpp"
#include "app/kinds.hpp"
#include "core/async.hpp"
#include "kube/client.hpp"
#include "kube/rollout_facts.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// What all followers share.
struct Following {
  Executor executor;
  std::shared_ptr<kube::Client> client;
  std::shared_ptr<CompanionBytes> bytes = std::make_shared<CompanionBytes>();
  // How far a rollout is, or why that cannot be told now.
  std::function<void(const inventory::WorkloadKey&, const Result<update::RolloutView>&)> seen;
  // Whether it may watch its companions. Where not, its changed() is called when it may.
  std::function<bool(const inventory::WorkloadKey&)> take_place;
  std::function<void(const inventory::WorkloadKey&)> give_place_back;
};

// One followed workload. Its companions are watched only while they can say something: not before its controller has
// seen the change, and not while it is held. Without a place to watch them, only the object itself is looked at:
// whoever concludes takes a look at everything first (update::Rollouts::look).
class Follower : public std::enable_shared_from_this<Follower> {
 public:
  Follower(std::shared_ptr<Following> shared, WorkloadKind kind, inventory::Workload workload)
      : shared_(std::move(shared)), kind_(std::move(kind)), workload_(std::move(workload)) {}

  // For a start, where no watch has brought the object yet.
  static Task<> begin(std::shared_ptr<Follower> self);
  // With the answer to our own patch.
  static Task<> begin_with(std::shared_ptr<Follower> self, std::string version, std::string patched);
  // `version` is the object's resourceVersion. What is older than what was seen is dropped: the answer to our own patch
  // may be read later than what the watch brought meanwhile, and no other event may come.
  void object_changed(const std::string& version, const std::string& text);
  void changed();  // what comes together is looked at together
  void stop();

 private:
  struct Watched;
  void watch_companions(const std::string& selector);
  void leave_companions();
  bool all_listed() const;
  void lost(const std::string& companion, const Error& error);
  static Task<> look(std::shared_ptr<Follower> self);
  static Task<> look_again(std::shared_ptr<Follower> self);
  Task<> look_once();

  std::shared_ptr<Following> shared_;
  WorkloadKind kind_;
  inventory::Workload workload_;
  std::string object_, version_;             // as last seen
  std::optional<kube::RolloutFacts> facts_;  // of that object, since it was looked at: its companions change more often
  std::vector<std::shared_ptr<Watched>> companions_;
  bool news_ = false, looking_ = false, looked_ = false, looking_again_ = false, stopped_ = false;
};

}  // namespace headwind::app
