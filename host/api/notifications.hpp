// SPDX-License-Identifier: Apache-2.0
// What port 8081 tells of the delivery of notifications. Declared here, implemented in app/.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwind::api {

// A notification that one notifier will not be told any more. Times are milliseconds since 1970.
struct DeadLetter {
  enum class Reason : std::uint8_t {
    refused,  // the receiver, or the plugin, will never take it
    expired,  // it was tried for as long as notifications.keepTrying says
    overflow  // too many were waiting, and it was the oldest
  };
  Reason reason = Reason::refused;
  std::string id, event, workload;  // "update_failed", "apps/Deployment shop/web"
  std::string error;                // one sentence of the last attempt, without secrets; empty: there was none
  std::uint32_t attempts = 0;
  std::int64_t happened_ms = 0;
  std::int64_t first_try_ms = 0, last_try_ms = 0;  // 0: never tried
  std::int64_t given_up_ms = 0;
};
std::string_view to_string(DeadLetter::Reason reason);

// One notifier instance and what it has told since this process started.
struct NotifierStand {
  std::string name;
  std::string state;        // "idle": nothing waits; "sending"; "waiting" for its next try
  std::size_t waiting = 0;  // events, those under way too
  std::uint64_t sent = 0, failed = 0, dropped = 0;
  std::int64_t told_up_to_ms = 0;        // everything until then is settled; 0: nothing was told yet
  std::string error;                     // of the last attempt, where it failed and something waits
  std::int64_t next_try_ms = 0;          // 0: none is planned
  std::vector<DeadLetter> dead_letters;  // the newest first; a bounded number
};

class Deliveries {
 public:
  virtual ~Deliveries() = default;
  // By name. On the executor's thread.
  virtual std::vector<NotifierStand> notifiers() const = 0;
};

}  // namespace headwind::api
