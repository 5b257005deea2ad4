// SPDX-License-Identifier: Apache-2.0
#include "kube/reachability.hpp"

#include "core/clock.hpp"
#include "telemetry/log.hpp"

namespace headwind::kube {
namespace {

constexpr int told_at = 2;
// What is cancelled sooner was so by ourselves: nobody waits less for the server.
constexpr std::chrono::milliseconds shortest_timeout{9'000};

}  // namespace

void Reachability::answered() {
  if (failures_ >= told_at)
    telemetry::info("kube", "the API server answers again",
                    {{"server", server_}, {"after_s", (system_clock().mono_ms() - since_mono_ms_) / 1000}});
  failures_ = 0;
}

void Reachability::failed(const Error& error, std::chrono::milliseconds waited) {
  if (error.code == Code::cancelled && waited < shortest_timeout) return;
  if (error.code != Code::cancelled && error.code != Code::unavailable) return;  // it came, and was not understood
  error_ = error.message;
  if (failures_ == 0) {
    since_unix_ms_ = system_clock().unix_ms() - waited.count();
    since_mono_ms_ = system_clock().mono_ms() - waited.count();
  }
  // Whoever waited that long has waited long enough to say so.
  const bool at_once = failures_ == 0 && waited >= shortest_timeout;
  failures_ = at_once ? told_at : failures_ + 1;
  if (failures_ == told_at)
    telemetry::warn("kube", "the API server does not answer; trying again", {{"server", server_}, {"error", error_}});
}

std::string Reachability::trouble() const {
  if (failures_ < told_at) return {};
  return "the API server " + server_ + " has not answered since " + format_rfc3339(since_unix_ms_) + ": " + error_;
}

}  // namespace headwind::kube
