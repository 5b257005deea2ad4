// SPDX-License-Identifier: Apache-2.0
// What the instances of one host share.
#pragma once
#include <headwind/base.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "net/client.hpp"
#include "plugin/completions.hpp"
#include "plugin/host.hpp"
#include "plugin/journal.hpp"
#include "plugin/peers.hpp"
#include "plugin/workers.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::plugin {

struct Runtime {
  explicit Runtime(telemetry::Metrics& the_metrics) : metrics(the_metrics) {}

  telemetry::Metrics& metrics;
  std::string version = "headwind";
  bool dry_run = false;
  std::uint32_t abi_minor = HW_ABI_MINOR;  // that plugins are told
  // Null where calls are made on the caller's own thread (choose_now): no deadline is enforced, no service is lent.
  std::shared_ptr<Completions> loop;
  // The host's; only its executor's thread may hold on to it, as it must not outlive that.
  std::weak_ptr<net::Client> http;
  bool lends_http = false;
  Peers peers;
  AnswerListener on_answer;
  OutageListener on_outage;
  std::shared_ptr<Workers> quick, blocking;
  std::size_t blocking_per_instance = 8;
  std::chrono::milliseconds grace{1000}, first_rest{10'000};
  std::shared_ptr<Journal> journal;  // null where none is kept

  std::atomic<std::ptrdiff_t> stuck{0};  // abandoned calls that have not come back
  std::atomic<bool> closed{false};       // the host is gone: services answer HW_CANCELLED, nothing is recorded
};

}  // namespace headwind::plugin
