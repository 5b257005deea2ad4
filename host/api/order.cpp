// SPDX-License-Identifier: Apache-2.0
#include "api/order.hpp"

#include "api/response.hpp"
#include "telemetry/log.hpp"

namespace headwind::api {

std::string who_orders(const Gate& gate, const Identity& identity, const std::optional<std::string>& claimed) {
  return gate.open() ? claimed.value_or("") : identity.user;
}

void audit(std::string_view action, std::string_view name_space, std::string_view name, std::string_view who,
           const Result<>& outcome) {
  telemetry::info("audit", "order",
                  {{"action", action},
                   {"namespace", name_space},
                   {"name", name},
                   {"username", who},
                   {"result", outcome ? "success" : "failed"},
                   {"reason", outcome ? std::string_view() : std::string_view(outcome.error().message)}});
}

net::ServerResponse still_starting() {
  net::ServerResponse response = error_response(503, "Headwind is still reading the cluster; try again.");
  set_retry_after(response, {}, std::chrono::seconds(1));
  return response;
}

}  // namespace headwind::api
