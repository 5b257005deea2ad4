// SPDX-License-Identifier: Apache-2.0
// The workload that a path of the approval API names: {namespace}/{kind}/{name}.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "api/auth.hpp"
#include "api/router.hpp"
#include "core/async.hpp"
#include "inventory/workload.hpp"
#include "net/server.hpp"
#include "update/engine.hpp"

namespace headwind::api {

struct NamedWorkload {
  std::string kind, name_space, name;
  std::optional<inventory::WorkloadKey> key;  // none where there is a refusal
  std::optional<net::ServerResponse> refusal;

  // 404 with the sentence of no_such_workload().
  net::ServerResponse not_found(const update::Engine& engine) const;
};

// Why no workload of that name can be shown: its kind is none of those that are followed, which the sentence names; or
// there is none, or none with a policy, which nobody can tell apart here, as others are not kept.
std::string no_such_workload(const update::Engine& engine, std::string_view kind, std::string_view name_space,
                             std::string_view name);

// For those who may `get` requests of its namespace, once the engine is ready. What strangers send is never interned: a
// kind or namespace that no workload has is not found.
Task<NamedWorkload> admit_to_workload(const update::Engine& engine, Gate& gate, Call call);

}  // namespace headwind::api
