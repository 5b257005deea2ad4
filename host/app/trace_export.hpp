// SPDX-License-Identifier: Apache-2.0
// Traces of this process, recorded and sent to a collector by a thread of their own: whatever becomes of the collector,
// nobody else waits.
#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "app/trace_sender.hpp"
#include "config/config.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "net/proxy.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::app {

class TraceExport {
 public:
  // Records from now on. Null where the configuration asks for no traces; fails where it cannot work: a secret, a file.
  // `version`: "headwind/1.2.3". The metrics must outlive this.
  static Result<std::unique_ptr<TraceExport>> start(const config::Config& config, const TextMap& environment,
                                                    const std::string& version, telemetry::Metrics& metrics);
  // The same with a sender's options, for tests.
  TraceExport(TraceSenderOptions sender, telemetry::TracerOptions tracer, std::chrono::milliseconds delay,
              net::Proxies proxies, telemetry::Metrics& metrics);
  // Ends the recording; what was not sent is lost.
  ~TraceExport();
  TraceExport(const TraceExport&) = delete;
  TraceExport& operator=(const TraceExport&) = delete;

  // Records no more, and sends what there is, for `grace` at most.
  Task<> stop(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace headwind::app
