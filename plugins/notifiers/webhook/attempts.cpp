// SPDX-License-Identifier: Apache-2.0
#include "notifiers/webhook/attempts.hpp"

#include <algorithm>

namespace headwind::notifiers {

Attempt try_repeatedly(int max_retries, const std::function<Attempt()>& attempt,
                       const std::function<bool(std::chrono::milliseconds)>& pause) {
  std::chrono::milliseconds wait = std::chrono::seconds(1);
  for (int retries = 0;; ++retries, wait *= 2) {
    Attempt last = attempt();
    if (last.ok() || retries >= max_retries || !pause(std::max(wait, last.retry_after))) return last;
  }
}

}  // namespace headwind::notifiers
