// SPDX-License-Identifier: Apache-2.0
// Kubernetes Events (core v1), written beside the way: a reader of `kubectl describe` sees what was decided and why.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "kube/client.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::kube {

// What an Event is about.
struct Involved {
  std::string api_version, kind, name_space, name, uid;
};

struct EventOptions {
  std::string component = "headwind";
  std::string instance = {};  // the pod's name, where there is one
  double per_second = 10;
  double burst = 50;
  std::size_t most_waiting = 1000;                          // beyond: dropped and counted
  std::size_t most_remembered = 4096;                       // Events that a repetition is added to
  std::chrono::milliseconds aggregate_for{10 * 60 * 1000};  // then a repetition is a new Event
};

// Equal (object, type, reason, message) are one Event whose count grows. Metrics: headwind_kube_events_total{result},
// result one of written, dropped, failed.
class EventWriter {
 public:
  EventWriter(Executor executor, std::shared_ptr<Client> client, telemetry::Metrics& metrics,
              EventOptions options = {});
  ~EventWriter();  // what waits is dropped; a write under way ends by itself
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;

  // Any thread; never blocks.
  void record(Involved about, bool warning, std::string_view reason, std::string_view message);
  // Until nothing waits any more, or `limit`. On the executor's thread.
  Task<> flush(std::chrono::milliseconds limit);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace headwind::kube
