// SPDX-License-Identifier: Apache-2.0
// How often the Hub API may be asked, as its answers tell. Apart from the limit of pulls, which is the registry's.
#pragma once
#include <string>

#include "registries/core/remembered.hpp"
#include "registries/core/transport.hpp"

namespace headwind::registries {

// What one answer says: X-RateLimit-Limit (requests a minute), -Remaining, and the wait until -Reset.
struct HubAllowance {
  std::optional<std::uint64_t> limit, remaining;
  std::int64_t reset_ms = 0;
};
HubAllowance hub_allowance(const Response& response, Transport& transport);

class HubLimits {  // safe from several threads; `account` is an account's key
 public:
  // For how long nothing may be asked; 0: go on.
  std::int64_t wait_ms(const std::string& account, Transport& transport) const;
  void pause(const std::string& account, std::int64_t for_ms, Transport& transport);
  // Keeps in mind what the answer says. For a 429: how long to wait; it names the moment in X-Retry-After.
  std::int64_t note(const std::string& account, const Response& response, Transport& transport);

 private:
  Remembered<std::int64_t> paused_;  // until when, by the steady clock
};

}  // namespace headwind::registries
