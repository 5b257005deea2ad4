// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "api/notifications.hpp"
#include "app/backlog.hpp"
#include "app/dead_letters.hpp"
#include "core/async.hpp"
#include "core/clock.hpp"
#include "plugin/host.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::app {

// Tells one notifier instance what its backlog holds, one call at a time. It holds up nobody: put() returns at once,
// and each outbox has a coroutine of its own while something waits.
class Outbox : public std::enable_shared_from_this<Outbox> {
 public:
  struct Counters {
    telemetry::Counter sent, failed, of_kind;  // of 0.1.x; of_kind: slack, teams or webhook
    telemetry::Counter dropped;                // headwind_notifications_dropped_total{notifier}
    telemetry::Gauge waiting;                  // headwind_outbox_events{notifier}
  };

  Outbox(Executor executor, const Clock& clock, plugin::Notifier notifier, Counters counters, Backlog::Pauses pauses);
  // `trace`: of what it tells (telemetry/trace_context.hpp), or empty.
  void put(plugin::Event event, const std::string& trace = {});
  // Not to be told: see Backlog. Once it is closed the mark stays before what put() did not take.
  void skip(std::int64_t unix_ms);
  // Another instance of the same name takes over what waits. A call under way ends with the one before.
  void hand_over(plugin::Notifier notifier, Counters counters);
  // Forgets all pauses.
  void try_now();
  const std::string& name() const { return name_; }
  Backlog& backlog() { return backlog_; }
  const Backlog& backlog() const { return backlog_; }
  api::NotifierStand stand() const;
  // Nothing new from now on, and no call begins at or after `until_ms` of the clock's mono_ms. Only the first call
  // counts.
  void close(std::int64_t until_ms);
  // Closes it and waits until nothing more is to be tried, or that moment has come. A call that is under way then goes
  // on, but is not waited for.
  Task<> drain(std::int64_t until_ms);

 private:
  Task<> run();
  static Task<std::vector<Result<>>> send(std::shared_ptr<Outbox> self, std::vector<plugin::Event> events);
  std::string trace_of(const plugin::Event& event) const;
  void count(const Backlog::Outcome& outcome);
  void tell_of_trouble();
  void bury(api::DeadLetter letter);

  Executor executor_;
  const Clock& clock_;
  const std::string name_;
  plugin::Notifier notifier_;
  Counters counters_;
  Backlog backlog_;
  DeadLetters dead_letters_;
  std::map<std::string, std::string> traces_;  // of events that wait, by their ids; in memory only
  std::uint64_t sent_ = 0, failed_ = 0, dropped_ = 0;
  boost::asio::steady_timer pause_;
  unsigned failures_ = 0;  // calls in a row that failed for somebody
  bool running_ = false, sending_ = false, closed_ = false;
  std::int64_t closed_by_ms_ = 0;
};

}  // namespace headwind::app
