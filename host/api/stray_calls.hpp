// SPDX-License-Identifier: Apache-2.0
// Calls of the webhook port that reach no endpoint: a registry whose URL has a typing error would else leave no trace.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "net/server.hpp"
#include "telemetry/metrics.hpp"

namespace headwind::api {

// Of a path that a stranger sent, what may be logged: its first two segments, cut and printable; "…" stands for the
// rest. With `secrets_in_paths` only those that are nearly one of `words`: a secret at a wrong place stays one.
std::string path_to_log(std::string_view path, const std::vector<std::string>& words, bool secrets_in_paths);

// Counts them as headwind_webhook_requests_total{endpoint="unknown"} and logs them; the log holds back repeats. Any
// thread.
class StrayCalls {
 public:
  StrayCalls(telemetry::Metrics& metrics, std::vector<std::string> endpoints, bool secrets_in_paths);
  void note(const net::ServerRequest& request, unsigned status) const;  // 404 or 405

 private:
  std::vector<std::string> words_;
  bool secrets_in_paths_;
  telemetry::Counter no_path_, no_method_;
};

}  // namespace headwind::api
