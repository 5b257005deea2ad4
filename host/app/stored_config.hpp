// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "config/config.hpp"
#include "core/async.hpp"
#include "core/result.hpp"
#include "kube/client.hpp"

namespace headwind::app {

// What Headwind 0.1.x kept in its ConfigMap headwind-config goes on to count: it is written over `config`, and the
// variables of the environment over both. Neither where there is none, or we may not read it.
Task<Result<>> apply_stored_config(std::shared_ptr<kube::Client> client, config::Config& config,
                                   const TextMap& environment);

}  // namespace headwind::app
