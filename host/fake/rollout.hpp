// SPDX-License-Identifier: Apache-2.0
// Plays the controllers: a ReplicaSet per pod template of a Deployment, revisions, status, owned objects collected.
#pragma once
#include <functional>
#include <set>
#include <string>

#include "fake/store.hpp"
#include "fake/write.hpp"

namespace headwind::fake {

class Rollout {
 public:
  // `defer` runs a function a little later: controllers act after the answer to the write that woke them.
  Rollout(Store& store, Writer& writer, const Clock& clock, std::function<void(std::function<void()>)> defer);

 private:
  void changed(const Change& change);
  void reconcile(const ResourceType& type, const std::string& name_space, const std::string& name);
  void reconcile_replica_sets(Json& deployment);
  void collect(const Json& owner);
  void collect_namespace(const std::string& name);

  Store& store_;
  Writer& writer_;
  const Clock& clock_;
  std::function<void(std::function<void()>)> defer_;
  std::set<std::pair<const ResourceType*, std::string>> queued_;
};

}  // namespace headwind::fake
