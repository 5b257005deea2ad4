// SPDX-License-Identifier: Apache-2.0
// Port 9090: GET /metrics, /health, /livez, /readyz.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "net/server.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::api {

struct Check {
  std::string name;  // "inventory"
  bool passed = false;
  std::string detail;     // one sentence: what is waited for, what to do
  std::string note = {};  // shown where it passed: what does not stand in the way, but somebody may want to know
};
// Called on the server's executor; must not wait.
using Checks = std::function<std::vector<Check>()>;

struct ProbeOptions {
  Checks live;   // fails: the process should be restarted
  Checks ready;  // fails: no traffic yet
};

// /health is 200 `OK` as long as the process answers. /livez and /readyz are 200 or 503 with every check:
// {"status":"ok"|"failed","checks":[{"name":…,"status":"ok"|"failed","detail":…}]}.
// /metrics is text/plain, or OpenMetrics with exemplars where the Accept header prefers that.
// `metrics` must outlive the handler.
net::Handler make_probes(const telemetry::Metrics& metrics, ProbeOptions options);

}  // namespace headwind::api
