// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "kube/events.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// The engine's EventRecorder port: Kubernetes Events on the workload.
class ClusterEvents final : public update::EventRecorder {
 public:
  explicit ClusterEvents(kube::EventWriter& writer) : writer_(writer) {}
  void record(const inventory::WorkloadKey& key, const std::string& api_version, const std::string& uid, bool warning,
              std::string_view reason, std::string_view message) override {
    writer_.record({api_version, key.kind.str(), key.name_space.str(), key.name, uid}, warning, reason, message);
  }

 private:
  kube::EventWriter& writer_;
};

}  // namespace headwind::app
