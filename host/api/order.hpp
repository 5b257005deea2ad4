// SPDX-License-Identifier: Apache-2.0
// What all orders of people to port 8081 share.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "api/auth.hpp"
#include "api/json_body.hpp"
#include "core/result.hpp"
#include "net/server.hpp"
#include "update/engine.hpp"

namespace headwind::api {

// In mode token the authenticated user, whatever the body claims; in mode none what the body says, or nobody.
std::string who_orders(const Gate& gate, const Identity& identity, const std::optional<std::string>& claimed);

// The vote of whoever `who_orders`, and why somebody rejects: `comment` and `reason` are two names of one thing.
update::Vote vote_of(const Gate& gate, std::string who, const OrderBody& order);
std::string reason_of(const OrderBody& order);

// How an order about a request is refused.
struct OrderRefusal {
  unsigned status = 500;
  std::string sentence;
  std::optional<update::Phase> phase;  // where the phase is why
};
// What `error` of the engine means to a caller: 404, 409 with the phase, or 500.
OrderRefusal refusal_of(const update::Engine& engine, const update::RequestKey& key, const Error& error);

// 503: the cluster is still being read, so nothing can be said about what it holds.
net::ServerResponse still_starting();

}  // namespace headwind::api
