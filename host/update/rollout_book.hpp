// SPDX-License-Identifier: Apache-2.0
// Which rollouts are followed, which wait for their turn, and which are over. Engine thread only.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "inventory/workload.hpp"
#include "update/request.hpp"
#include "update/rollout_judge.hpp"

namespace headwind::update {

// What one followed rollout brings to one slot.
struct RolloutSubject {
  Symbol slot;
  std::string image, digest;
  std::int64_t patched_ms = 0;
  std::optional<RequestKey> request;  // nothing: an automatic update, which the history alone records
  bool going_back = false;            // a rollback, which is not rolled back itself
  bool operator==(const RolloutSubject&) const = default;
};

struct FollowedRollout {
  std::string uid;  // of the workload
  std::vector<RolloutSubject> subjects;
  std::string from_version;  // looks at an older object say nothing about it
  std::string revision;      // of the first look
  RolloutJudge judge{0};
  std::int64_t unseen_since_ms = 0;  // where nothing is known of it now; 0: something is
  std::string unseen_why;
  bool told_unseen = false;       // since its timeout: it does not count among those under way
  std::optional<bool> told_held;  // nothing: since a restart, not yet
  bool told_blocked = false;
  bool replaced = false;     // a look showed another revision
  bool unsupported = false;  // nobody can tell how far it is
};

class RolloutBook {
 public:
  struct Caps {
    std::size_t all = 0, per_namespace = 0;  // 0: none
  };
  explicit RolloutBook(Caps caps) : caps_(caps) {}

  FollowedRollout* find(const inventory::WorkloadKey& key);
  const std::map<inventory::WorkloadKey, FollowedRollout>& followed() const { return followed_; }
  void follow(const inventory::WorkloadKey& key, FollowedRollout rollout);
  bool leave(const inventory::WorkloadKey& key);  // false where it was not followed

  // Rollouts that are over, so that they are not followed again from the same history. In memory only.
  void conclude(const inventory::WorkloadKey& key, std::int64_t patched_ms);
  bool is_concluded(const inventory::WorkloadKey& key, std::int64_t patched_ms) const;
  void forget(const inventory::WorkloadKey& key);  // the workload is gone

  // Whether `key` may begin a rollout now; else it waits in the queue, in order of its first question. A yes counts as
  // a rollout under way until it is followed or give_back() is called.
  bool admit(const inventory::WorkloadKey& key);
  void give_back(const inventory::WorkloadKey& key);
  void stop_waiting(const inventory::WorkloadKey& key);
  // From 1; 0 where it does not wait.
  std::size_t position(const inventory::WorkloadKey& key) const;
  const std::deque<inventory::WorkloadKey>& waiting() const { return waiting_; }
  // Those that could begin now.
  std::vector<inventory::WorkloadKey> admissible() const;
  std::size_t under_way() const;  // those that are held or out of sight aside: they may be so for ever

 private:
  struct Count;
  Count count_without(const inventory::WorkloadKey& key) const;

  Caps caps_;
  std::map<inventory::WorkloadKey, FollowedRollout> followed_;
  std::map<inventory::WorkloadKey, std::int64_t> concluded_;
  std::set<inventory::WorkloadKey> admitted_;
  std::deque<inventory::WorkloadKey> waiting_;
};

}  // namespace headwind::update
