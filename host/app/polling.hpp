// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>

#include "schedule/doubt.hpp"
#include "schedule/poller.hpp"
#include "telemetry/metrics.hpp"
#include "update/engine.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// The engine's Polling port: turns wishes of workloads into streams, reads each once for all its users, and hands on
// what can be believed.
class RegistryPolling final : public update::Polling {
 public:
  RegistryPolling(Executor executor, update::Registries& registries, telemetry::Metrics& metrics,
                  telemetry::CompatMetrics& compat, const Clock& clock, std::chrono::seconds interval);
  // Where lists go. Before this nothing is asked.
  void connect(update::Engine& engine) { engine_ = &engine; }
  void close() { poller_.close(); }

  void want(const inventory::Workload& workload, std::vector<Symbol> repositories,
            std::vector<std::pair<Symbol, std::string>> moving, std::chrono::seconds interval) override;
  void drop(const inventory::WorkloadKey& workload) override;
  void open() override { poller_.open(); }

 private:
  struct Wish {
    Symbol access;
    std::vector<Symbol> repositories;
    std::vector<std::pair<Symbol, std::string>> moving;
    std::chrono::seconds interval{};
    bool operator==(const Wish&) const = default;
  };
  static Task<> resolve(std::shared_ptr<bool> alive, RegistryPolling* self, inventory::WorkloadKey key, Wish wish);
  Task<Result<>> ask(schedule::Stream stream, std::vector<inventory::WorkloadKey> users);
  Task<Result<>> read(schedule::Stream stream, std::vector<inventory::WorkloadKey> users);
  // Tells the users once, until it changes or is over.
  void tell(const schedule::Stream& stream, const std::string& sentence,
            const std::vector<inventory::WorkloadKey>& users);
  std::set<std::string> moving_tags(const schedule::Stream& stream,
                                    const std::vector<inventory::WorkloadKey>& users) const;

  Executor executor_;
  update::Registries& registries_;
  telemetry::CompatMetrics& compat_;
  telemetry::Counter doubted_;
  telemetry::Gauge streams_;
  std::chrono::seconds interval_;
  update::Engine* engine_ = nullptr;
  std::map<inventory::WorkloadKey, Wish> wishes_;
  std::map<schedule::Stream, std::string> told_;
  schedule::Doubt doubt_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  schedule::Poller poller_;
};

}  // namespace headwind::app
