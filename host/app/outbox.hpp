// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/notice.hpp"
#include "core/clock.hpp"
#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"
#include "update/ports.hpp"

namespace headwind::app {

// What one notifier instance has still to be told: bounded, in order, retried, each id once.
class Outbox : public std::enable_shared_from_this<Outbox> {
 public:
  static constexpr std::size_t limit = 1000;  // events; beyond, the oldest is dropped and counted

  struct Counters {
    telemetry::Counter sent, failed, of_kind;  // of 0.1.x; of_kind: slack, teams or webhook
    telemetry::Counter dropped;                // headwind_notifications_dropped_total{notifier}
    telemetry::Gauge waiting;                  // headwind_outbox_events{notifier}
  };

  Outbox(Executor executor, const Clock& clock, plugin::Notifier notifier, Counters counters);
  void put(plugin::Event event);
  // Another instance of the same name takes over what waits. A call under way ends with the one before.
  void hand_over(plugin::Notifier notifier, Counters counters) {
    notifier_ = std::move(notifier);
    counters_ = counters;
  }
  const std::string& name() const { return notifier_.name(); }
  // Everything up to this moment was told: milliseconds since 1970.
  std::int64_t mark() const;
  void start_from(std::int64_t mark_ms) { told_up_to_ = mark_ms; }
  // Nothing new; returns when what waits is sent, or after `grace`.
  Task<> drain(std::chrono::milliseconds grace);

 private:
  Task<> run();
  std::size_t deliver(const std::vector<plugin::Event>& batch, const std::vector<Result<>>& fates);

  Executor executor_;
  const Clock& clock_;
  plugin::Notifier notifier_;
  Counters counters_;
  std::deque<plugin::Event> events_, under_way_;
  std::int64_t told_up_to_ = 0;
  std::set<std::string> ids_;  // of what waits and of what was sent lately
  std::deque<std::string> order_;
  bool running_ = false, closed_ = false;
};

// The engine's Notifiers port.
class PluginNotifiers final : public update::Notifiers {
 public:
  PluginNotifiers(Executor executor, const Clock& clock, Links links, telemetry::Metrics& metrics,
                  telemetry::CompatMetrics& compat)
      : executor_(std::move(executor)), clock_(clock), links_(std::move(links)), metrics_(metrics), compat_(compat) {}
  // `plugin` is the plugin's id: it tells which counter of 0.1.x moves. Where an instance of that name is here already,
  // the new one takes over what waits for it.
  void add(plugin::Notifier notifier, std::string_view plugin);
  // It is told what waits for it, within `grace`, and nothing new; then it is forgotten. No effect where there is none.
  Task<> remove(std::string notifier, std::chrono::milliseconds grace);
  void tell(const update::Notification& notification) override;
  // For what was missed: one notifier only.
  void tell_one(std::string_view notifier, const update::Notification& notification);
  void start_from(std::string_view notifier, std::int64_t mark_ms);
  std::vector<std::string> names() const;
  std::map<std::string, std::int64_t> marks() const;
  Task<> drain(std::chrono::milliseconds grace);

 private:
  Executor executor_;
  const Clock& clock_;
  Links links_;
  telemetry::Metrics& metrics_;
  telemetry::CompatMetrics& compat_;
  std::vector<std::shared_ptr<Outbox>> outboxes_;
};

}  // namespace headwind::app
