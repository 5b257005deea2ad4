// SPDX-License-Identifier: Apache-2.0
// The cluster and the registry as the engine's ports see them, in memory: what outlives a killed process.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "inventory/workload.hpp"
#include "update/ports.hpp"

namespace headwind::update::testing {

struct Container {
  std::string name, image;
};

class Store {
 public:
  // --- set-up by tests
  void deploy(const std::string& kind, const std::string& name, std::vector<Container> containers,
              std::map<std::string, std::string> annotations);
  // A HelmRelease whose chart is of that repository ("https://charts.test/podinfo"). `object` empty: its version stands
  // in the release itself, else in that object.
  void release(const std::string& name, const std::string& repository, const std::string& version,
               std::map<std::string, std::string> annotations, const std::string& object = {});
  void push(const std::string& repository, const std::string& tag, std::string digest = {});
  // A person's kubectl: changes the object, and so its resourceVersion.
  void edit(const inventory::WorkloadKey& key, const std::function<void(nlohmann::json&)>& change);
  void remove(const inventory::WorkloadKey& key);
  // Who pulls for it: inventory::Workload::access.
  void set_access(const inventory::WorkloadKey& key, const std::string& access);
  // Who else writes it: inventory::Workload::owner.
  void set_owner(const inventory::WorkloadKey& key, const std::string& owner);
  // `kubectl rollout undo`: pod template and annotations of the ReplicaSet before.
  void undo(const inventory::WorkloadKey& key);

  // --- what the ports do
  Result<inventory::Workload> read(const inventory::WorkloadKey& key) const;
  Result<inventory::Workload> patch(const inventory::WorkloadKey& key, const std::string& operations);
  Result<> patch_object(const std::string& object, const std::string& operations);
  Result<UpdateRequest> create(const UpdateRequest& request);
  Result<UpdateRequest> merge(const RequestKey& key, const std::string& patch, const std::string& expected,
                              bool status);
  Result<> erase(const RequestKey& key, const std::string& uid);

  // --- what tests look at
  std::string image(const std::string& name, const std::string& container = "app",
                    const std::string& kind = "Deployment") const;
  // The version of a release's chart, wherever it stands.
  std::string chart_version(const std::string& name) const;
  nlohmann::json object(const inventory::WorkloadKey& key) const { return workloads.at(key); }
  UpdateRequest request(const std::string& name) const;
  std::vector<std::string> request_names() const;

  std::map<inventory::WorkloadKey, nlohmann::json> workloads;
  std::map<std::string, nlohmann::json> others;  // that hold versions of charts, by inventory::Slot::object
  std::map<RequestKey, nlohmann::json> requests;
  std::map<inventory::WorkloadKey, std::vector<nlohmann::json>> replica_sets;  // in order of revision
  std::map<std::string, std::string> registry;                                 // "repo:tag" -> digest
  std::map<std::string, Hint> inbox;
  std::vector<Notification> told;
  std::vector<std::string> events;
  std::size_t patches = 0;                         // accepted ones
  std::function<void(nlohmann::json&)> admission;  // what a mutating webhook makes of a workload that is patched
  std::function<void()> intended;                  // runs once, when a request is Applying
  bool terminating = false;                        // the namespace is being deleted: nothing new is taken there
  std::int64_t version = 100;

 private:
  void stamp(nlohmann::json& object);
  void roll_out(const inventory::WorkloadKey& key);
};

inventory::WorkloadKey deployment(const std::string& name);

}  // namespace headwind::update::testing
