// SPDX-License-Identifier: Apache-2.0
// What all orders of people to port 8081 share.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "api/auth.hpp"
#include "core/result.hpp"
#include "net/server.hpp"

namespace headwind::api {

// In mode token the authenticated user, whatever the body claims; in mode none what the body says, or nobody.
std::string who_orders(const Gate& gate, const Identity& identity, const std::optional<std::string>& claimed);

// One line of the audit log: who asked for what, and whether it was done.
void audit(std::string_view action, std::string_view name_space, std::string_view name, std::string_view who,
           const Result<>& outcome);

// 503: the cluster is still being read, so nothing can be said about what it holds.
net::ServerResponse still_starting();

}  // namespace headwind::api
