// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/notifications.hpp"
#include "app/notice.hpp"
#include "app/outbox.hpp"
#include "app/routes.hpp"
#include "core/async.hpp"
#include "core/clock.hpp"
#include "inventory/inventory.hpp"
#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// The engine's Notifiers port: an outbox for each notifier instance. Also tells port 8081 how they stand.
class PluginNotifiers final : public update::Notifiers, public api::Deliveries {
 public:
  // `inventory`: for the labels of workloads, where a route asks for them.
  PluginNotifiers(Executor executor, const Clock& clock, Links links, telemetry::Metrics& metrics,
                  telemetry::CompatMetrics& compat, const inventory::Inventory& inventory)
      : executor_(std::move(executor)),
        clock_(clock),
        links_(std::move(links)),
        metrics_(metrics),
        compat_(compat),
        inventory_(inventory) {}

  // For all that is told from now on, and for the notifiers that are added later.
  void set_routes(Routes routes) { routes_ = std::move(routes); }
  void set_pauses(Backlog::Pauses pauses) { pauses_ = pauses; }
  // `plugin` is the plugin's id: it tells which counter of 0.1.x moves. Where an instance of that name is here already,
  // the new one takes over what waits for it, and nothing is lost; else true is returned: it hears of the future only,
  // unless start_from() says more.
  bool add(plugin::Notifier notifier, std::string_view plugin);
  // What waits for that one is tried at once: its receiver may have another address now.
  void try_now(std::string_view notifier);
  // It is told what waits for it, within `grace`, and nothing new; then it is forgotten. What could not be told is
  // given up, as the log says. No effect where there is none.
  Task<> remove(std::string notifier, std::chrono::milliseconds grace);

  void tell(const update::Notification& notification) override;
  // For what was missed: one notifier only.
  void tell_one(std::string_view notifier, const update::Notification& notification);
  // What an earlier process left: see Backlog.
  void start_from(std::string_view notifier, std::int64_t mark_ms, const std::vector<std::string>& settled_ids);
  std::vector<std::string> names() const;
  std::map<std::string, std::int64_t> marks() const;
  std::vector<std::string> settled_ids(std::string_view notifier) const;
  std::vector<api::NotifierStand> notifiers() const override;
  // All at once, within one grace.
  Task<> drain(std::chrono::milliseconds grace);

 private:
  Outbox* find(std::string_view notifier) const;
  void route(Outbox& outbox, const update::Notification& notification, const plugin::Event& event,
             const std::optional<TextMap>& labels);
  // None where no route asks for them, and of a workload that is gone; nothing where they are not known yet.
  std::optional<TextMap> labels_of(const update::Notification& notification) const;
  Outbox::Counters counters_of(const std::string& notifier, std::string_view plugin);

  Executor executor_;
  const Clock& clock_;
  Links links_;
  telemetry::Metrics& metrics_;
  telemetry::CompatMetrics& compat_;
  const inventory::Inventory& inventory_;
  Routes routes_;
  Backlog::Pauses pauses_;
  std::map<std::string, std::shared_ptr<Outbox>, std::less<>> outboxes_;
};

}  // namespace headwind::app
