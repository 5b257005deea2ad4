// SPDX-License-Identifier: Apache-2.0
#include "api/order.hpp"

#include <utility>

#include "api/response.hpp"

namespace headwind::api {

std::string who_orders(const Gate& gate, const Identity& identity, const std::optional<std::string>& claimed) {
  return gate.open() ? claimed.value_or("") : identity.user;
}

update::Vote vote_of(const Gate& gate, std::string who, const OrderBody& order) {
  return {std::move(who), !gate.open(), order.comment.value_or(order.reason.value_or("")), order.digest.value_or("")};
}

std::string reason_of(const OrderBody& order) { return order.reason.value_or(order.comment.value_or("")); }

OrderRefusal refusal_of(const update::Engine& engine, const update::RequestKey& key, const Error& error) {
  const std::string unknown = "UpdateRequest not found: " + key.text();
  if (error.code == Code::not_found) return {404, unknown, {}};
  if (error.code != Code::conflict) return {500, "Failed to update status: " + error.message, {}};
  const auto now = engine.request(key);
  if (!now) return {404, unknown, {}};  // it went away meanwhile
  return {409, error.message, now->phase};
}

net::ServerResponse still_starting() {
  net::ServerResponse response = problem(503, "Headwind is still reading the cluster; try again.");
  set_retry_after(response, {}, std::chrono::seconds(1));
  return response;
}

}  // namespace headwind::api
